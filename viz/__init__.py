"""What people look at: pages, charts and their theme."""

import os

from experiments import cache

os.environ.setdefault("MPLCONFIGDIR", str(cache.folder("matplotlib")))  # else Matplotlib makes a folder of settings
