"""One player per session: kept while the user looks at other pages, closed with the tab.

One may play before anybody looks, for the first who wants its world.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import threading
from collections.abc import Callable

import solara
import solara.lab

from experiments.errors import RequestError
from experiments.settings import Settings
from viz.player.player import Player

MOST_PLAYERS = 8
FULL = f"{MOST_PLAYERS} worlds are being played on this server already; close a tab and try again"
_players: dict[str, Player] = {}
_rehearsals: list[Player] = []
_lock = threading.Lock()


def player(settings: Settings, *, anew: bool = False) -> tuple[Player, bool]:
    """The player of this session, and whether it is a new one: other settings, or ``anew``, end the earlier one.

    Raises RequestError where the server plays as many worlds as it may.
    """
    session = solara.get_kernel_id()
    with _lock:
        known = _players.get(session)
        if known is not None and known.alive and known.settings == settings and not anew:
            return known, False
        if known is not None:
            _end(known)
        elif len(_players) >= MOST_PLAYERS:
            raise RequestError(FULL)
        _players[session] = made = _rehearsed(settings) or Player(settings)
    return made, True


def rehearse(settings: Settings) -> None:
    """Play a world that the first session takes over; when it is over and nobody wanted it, what was seen is kept."""
    playing = Player(settings)
    with _lock:
        _rehearsals.append(playing)
    threading.Thread(target=_dismiss, args=(playing,), daemon=True).start()


def _dismiss(playing: Player) -> None:
    playing.wait()
    with _lock:
        if playing in _rehearsals:
            _rehearsals.remove(playing)
            _end(playing)


def _rehearsed(settings: Settings) -> Player | None:
    """The player that plays this world for nobody yet; one of another world makes room."""
    playing = _rehearsals.pop() if _rehearsals else None
    if playing is None or (playing.alive and playing.settings == settings):
        return playing
    _end(playing)
    return None


def current() -> Player | None:
    """The player of this session, None if nothing is being played."""
    with _lock:
        known = _players.get(solara.get_kernel_id())
    return known if known is not None and known.alive else None


def close(session: str) -> None:
    """End the player of a session that is over."""
    with _lock:
        known = _players.pop(session, None)
    if known is not None:
        _end(known)


def _end(ended: Player) -> None:
    ended.close()
    threading.Thread(target=_give_back, args=(ended,), daemon=True).start()


def _give_back(ended: Player) -> None:
    """Give the memory of a world back to the system, which the C library would keep for later otherwise."""
    ended.join()
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)


@solara.lab.on_kernel_start
def _watch() -> Callable[[], None]:
    session = solara.get_kernel_id()
    return lambda: close(session)
