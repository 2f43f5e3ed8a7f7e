"""What the page Evidence reads and words: nothing here draws a component."""
