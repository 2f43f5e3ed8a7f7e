"""Charts as pure functions: DataFrame in, figure out. They read no files and keep nothing."""
