"""A world that is played for one session: its history, its states to go back to, and the thread that plays it."""
