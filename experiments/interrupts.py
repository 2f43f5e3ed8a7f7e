"""An interrupt waits for the end of the month: inside compiled code it could end the process without a word."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def between_months(on_month: Callable[[str], None] | None) -> Iterator[Callable[[str], None]]:
    """Hold an interrupt back until ``on_month``, as given here, is called next; a second one ends at once.

    Where somebody else handles interrupts, or outside of the main thread, nothing is held.
    """
    held: list[int] = []

    def hold(number: int, _: FrameType | None) -> None:
        held.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def month(label: str) -> None:
        if on_month:
            on_month(label)
        if held:
            raise KeyboardInterrupt

    main = threading.current_thread() is threading.main_thread()
    ours = main and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if ours:
        signal.signal(signal.SIGINT, hold)
    try:
        yield month
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
