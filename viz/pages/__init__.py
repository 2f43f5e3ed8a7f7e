"""One module or package per page of the app; each has a component ``Page`` without arguments."""
