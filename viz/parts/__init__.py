"""Components that the pages share."""
