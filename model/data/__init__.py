"""The numbers of the model: named values, tables of the initial world, names, policy events, validation targets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(__file__).parent


def table(name: str) -> pd.DataFrame:
    """One of the tables of this folder, e.g. ``initial_firms``. Empty cells are empty strings or NaN in number columns.

    Raises
    ------
    FileNotFoundError
        There is no table of that name.
    """
    import pandas as pd

    return pd.read_csv(FOLDER / f"{name}.csv", na_values=[""], keep_default_na=False)
