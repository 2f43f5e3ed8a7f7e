"""Libraries that only some commands need: loaded when one is needed, and named when one is not there."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

from experiments.errors import RequestError


def load(module: str, extra: str) -> Any:
    """The module. Raises RequestError that names the extra of this package with which to install it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what they themselves would like to have installed
            return importlib.import_module(module)
    except ImportError as error:
        library = module.split(".")[0]
        raise RequestError(
            f"{library} is not installed ({error}); install it with: pip install 'pharmarket[{extra}]'"
        ) from error
