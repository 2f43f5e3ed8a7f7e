"""What the page Compare computes and words: nothing here draws a component."""
