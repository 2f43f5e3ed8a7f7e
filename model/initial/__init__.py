"""The world of January 2000: institutions, firms, candidates, medicines on the market."""

from model.initial.world_2000 import world_of_2000

__all__ = ["world_of_2000"]
