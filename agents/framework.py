"""Mesa and Numba, and what they bring along only when somebody uses it.

Mesa imports pandas and the libraries of its experimental parts at once, Numba the linear algebra of SciPy. That takes
half a second and more than a hundred megabytes, and a market that is played and written needs none of them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

LATER = ("pandas", "mesa.experimental", "scipy.linalg.cython_blas")
NEEDED = ("__path__", "__pyx_capi__")
"""Special names that ask for the library itself: it as a package, or its compiled functions."""


class Later(ModuleType):
    """Stands for a library until something of it is used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in NEEDED:  # somebody looks over all modules, or asks for its file
            raise AttributeError(name)
        self.step_aside()
        return getattr(import_module(self.__name__), name)

    def step_aside(self) -> None:
        """Let the next import find the library itself."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]


@contextmanager
def postponed(*names: str) -> Iterator[None]:
    """What is imported here gets these libraries, unless they are there already, when it first uses them."""
    stand_ins = [Later(name) for name in names if name not in sys.modules]
    sys.modules.update({stand_in.__name__: stand_in for stand_in in stand_ins})
    try:
        yield
    finally:
        for stand_in in stand_ins:
            stand_in.step_aside()


with postponed(*LATER):
    import mesa
    import numba.np.arraymath  # where Numba looks for linear algebra, at the latest with the first kernel

__all__ = ["mesa", "numba"]
