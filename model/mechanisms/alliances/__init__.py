"""Living alliances: how they form, live, work, end, and what pairs of firms remember of them."""
