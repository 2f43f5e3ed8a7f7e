"""What the Explore page shows, computed without a screen: tables, firms, assets, deals and the alliance network."""
