"""What a sweep tells: queries over its store, sensitivity indices, and where in its space an outcome happens."""
