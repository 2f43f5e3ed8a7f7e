"""The world: the market, its mechanisms, tables, draws and named values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.market import PharmaMarket

__all__ = ["PharmaMarket"]


def __getattr__(name: str) -> Any:
    """Import the market when it is asked for: its libraries are heavy, its data are not."""
    if name == "PharmaMarket":
        from model.market import PharmaMarket

        return PharmaMarket
    raise AttributeError(f"module 'model' has no attribute {name!r}")
