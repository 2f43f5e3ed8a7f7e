"""A scenario text in an address: compressed, limited, and checked before anything is built from it."""

from __future__ import annotations

import base64
import binascii
import difflib
import hashlib
import os
import re
import zlib
from pathlib import Path

from experiments.cache import folder
from experiments.errors import RequestError
from scenarios import available
from viz.studio.verdict import LARGEST, checked

SIGN = "~"
"""Begins the name of a scenario that is a text in itself, where others have a name of the library."""
LONGEST = 12_000
"""Characters of a packed text; longer addresses do not pass every server."""
MOST_KEPT = 100
"""Texts of which the cache keeps a file."""


def packed(text: str) -> str:
    """The text as a word for an address. Raises RequestError for one that is too long."""
    code = SIGN + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    if len(code) > LONGEST:
        raise RequestError(f"share: a link would need {len(code):,} characters and {LONGEST:,} are the limit; "
                           "save the scenario and share the file")  # fmt: skip
    return code


def unpacked(code: str) -> str:
    """The text of such a word. Raises RequestError for what is none, or becomes too long."""
    if len(code) > LONGEST:
        raise RequestError(f"link: the scenario has more than {LONGEST:,} characters")
    body = code.removeprefix(SIGN)
    try:
        packed_bytes = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        inflate = zlib.decompressobj()
        content = inflate.decompress(packed_bytes, LARGEST + 1)
        if len(content) > LARGEST:
            raise RequestError(f"link: the scenario has more than {LARGEST:,} bytes")
        if not inflate.eof:
            raise ValueError("cut off")
        return content.decode()
    except (binascii.Error, zlib.error, ValueError) as error:
        if isinstance(error, RequestError):
            raise
        raise RequestError("link: the scenario in it is damaged or cut off; copy the whole link") from None


def source_of(name: str) -> str:
    """What to play for a scenario of an address: the name itself for one of the library, the path of a file for a text.

    No other file can be named. Raises RequestError for an unknown name or a text with mistakes.
    """
    if name.startswith(SIGN):
        return str(_stored(unpacked(name)))
    if name not in (known := available()):
        near = difflib.get_close_matches(name, known, 3)
        hint = f"; nearest: {', '.join(near)}" if near else ""
        raise RequestError(f"scenario: {name[:80]!r} is not in the library{hint}")
    return name


def title_of(name: str) -> str:
    """The title of a scenario of an address, or the beginning of its name where there is none to be read."""
    from scenarios import load

    try:
        return checked(unpacked(name)).title if name.startswith(SIGN) else load(source_of(name)).title
    except RequestError:
        return name[:40]


def _stored(text: str) -> Path:
    """A file with a checked text in the user's cache, called by its title."""
    scenario = checked(text)
    words = re.sub(r"[^a-z0-9]+", "-", scenario.title.lower()).strip("-")[:40] or "scenario"
    place = folder("scenarios")
    path = place / f"{words}-{hashlib.sha256(text.encode()).hexdigest()[:10]}.toml"
    place.mkdir(parents=True, exist_ok=True)
    if not path.is_file():
        partial = place / f".{path.name}.{os.getpid()}.partial"
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    path.touch()
    for old in sorted(place.glob("*.toml"), key=lambda one: -one.stat().st_mtime)[MOST_KEPT:]:
        old.unlink(missing_ok=True)
    return path
