"""What the world does with decisions: one file per mechanism, in the order of the month."""
