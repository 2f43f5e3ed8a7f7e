"""How texts of the Scenario studio travel: links that hold them, and files in the user's folder."""

from __future__ import annotations

import base64
import random
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from studio_texts import WRONG, scenario_of

from experiments.errors import RequestError
from experiments.rules_commands import TEMPLATE
from model import PharmaMarket
from scenarios import load
from scenarios.loader import LIBRARY
from viz.link import parse as parse_link
from viz.studio import link, shelf, starts
from viz.studio.verdict import LARGEST

# --- links


@given(st.text(max_size=400))
def test_texts_come_back_from_links(text: str) -> None:
    code = link.packed(text)
    assert link.unpacked(code) == text
    assert code.startswith(link.SIGN) and all(sign.isalnum() or sign in "-_~" for sign in code)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("~", "damaged"),
        ("~!!!!", "damaged"),
        ("~" + base64.urlsafe_b64encode(zlib.compress(b"title")[:-3]).decode().rstrip("="), "damaged"),
        ("~" + base64.urlsafe_b64encode(zlib.compress(b"\xff\xfe")).decode().rstrip("="), "damaged"),
        (
            "~" + base64.urlsafe_b64encode(zlib.compress(b"a" * 5_000_000)).decode().rstrip("="),
            "more than 64,000 bytes",
        ),
        ("~" + "a" * 20_000, "more than 12,000 characters"),
    ],
)
def test_bad_links_are_told(code: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        link.unpacked(code)


def test_a_link_that_would_be_too_long_is_not_made() -> None:
    noise = random.Random(1).randbytes(20_000).hex()
    with pytest.raises(RequestError, match="share the file"):
        link.packed(noise)


def test_a_text_in_an_address_is_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    code = link.packed(TEMPLATE)
    asked = parse_link(f"scenario={code}&seed=3")
    assert asked.scenarios == (code,) and link.title_of(code) == "Faster recruitment in China"
    source = asked.settings.scenarios[0]
    assert Path(source).is_relative_to(tmp_path) and Path(source).stem.startswith("faster-recruitment-in-china-")
    assert load(source).changes == scenario_of(TEMPLATE).changes
    market = PharmaMarket(source, rng=3, scale=0.02)
    assert market.rules.changes[-1].value == "trials.recruitment.CN"


@pytest.mark.parametrize("name", ["/etc/passwd", "../baseline", "baselin", "", "~eNo"])
def test_addresses_name_no_other_file(name: str) -> None:
    with pytest.raises(RequestError):
        link.source_of(name)


def test_broken_texts_are_not_played() -> None:
    with pytest.raises(RequestError, match="line 10: unknown value"):
        link.source_of(link.packed(WRONG))


def test_an_address_opens_its_text() -> None:
    code = link.packed(WRONG)
    assert starts.text_for(starts.names_in(f"?scenario={code}&seed=1")) == WRONG
    assert starts.text_for(starts.names_in(None)) == TEMPLATE
    assert starts.text_for(["tariffs"]) == (LIBRARY / "tariffs.toml").read_text("utf-8")
    both = scenario_of(starts.text_for(starts.names_in("scenario=baseline+tariffs")))
    assert both.extends == ["baseline", "tariffs"]
    with pytest.raises(RequestError, match="name it alone"):
        starts.text_for(["baseline", code])


# --- the user's folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "pharmarket" / "scenarios"


def test_scenarios_are_kept_in_the_folder(folder: Path) -> None:
    assert shelf.saved() == []
    path = shelf.save("my-plan", TEMPLATE)
    assert path == folder / "my-plan.toml" and shelf.read("my-plan") == TEMPLATE
    shelf.save("my-plan", "other")
    assert shelf.read("my-plan") == "other" and shelf.saved() == ["my-plan"]
    assert starts.text_of("mine:my-plan") == "other" and "mine:my-plan" in starts.choices()
    shelf.delete("my-plan")
    assert shelf.saved() == [] and list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "A", "a b", "x" * 60, "con", "-a", "a\x00", "ä"])
def test_unsafe_names_are_refused(folder: Path, name: str) -> None:
    for action in (lambda: shelf.save(name, "text"), lambda: shelf.read(name), lambda: shelf.delete(name)):
        with pytest.raises(RequestError, match="small letters"):
            action()
    assert not folder.exists()


def test_files_of_the_folder_are_limited(folder: Path) -> None:
    with pytest.raises(RequestError, match="too many"):
        shelf.save("big", "a" * (LARGEST + 1))
    folder.mkdir(parents=True)
    (folder / "big.toml").write_text("a" * (LARGEST + 1))
    (folder / "bytes.toml").write_bytes(b"\xff\xfe\xfa")
    for name, message in (("big", "more than"), ("bytes", "no text"), ("none", "there is no scenario")):
        with pytest.raises(RequestError, match=message):
            shelf.read(name)


@given(st.text(max_size=80))
def test_suggested_names_are_safe(title: str) -> None:
    assert shelf.safe(shelf.suggestion(title))
