"""What people look at: pages, charts and their theme."""
