"""``pharmarket explain``: the story of an asset, a contract or a firm agrees with the tables that it tells."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from conftest import Pharmarket

from experiments.errors import RequestError
from experiments.explain import find, tell
from experiments.story import Run, money, ordinal


@pytest.fixture
def folder(run_folder: Path) -> Path:
    """Results of a small run."""
    return run_folder


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(folder / f"{name}.parquet")


def test_the_story_of_an_asset_tells_every_step_in_order(folder: Path) -> None:
    filings = table(folder, "filings")
    asset = int(filings.loc[filings["outcome"] == "approved", "asset"].mode()[0])
    kind, number, lines = tell(folder, str(asset))
    assert (kind, number) == ("asset", asset)
    assert lines == sorted(lines)
    assert lines[0].kind == "start"
    told = [line.text for line in lines]
    for name, count in (("readouts", "read out at"), ("trials", " began "), ("launches", "launched it in")):
        rows = table(folder, name)
        assert sum(count in text for text in told) == (rows["asset"] == asset).sum(), name
    decided = filings[(filings["asset"] == asset) & (filings["outcome"] == "approved")]
    assert sum(": approved after" in text for text in told) == len(decided)


def test_a_readout_says_what_it_needed(folder: Path) -> None:
    rows = table(folder, "readouts")
    assert (rows["success"] == (rows["luck"] > 1 - rows["chance"])).all()
    assert rows["success"].any() and not rows["success"].all()


def test_the_story_of_a_contract_adds_up_to_what_was_paid(folder: Path) -> None:
    deals = table(folder, "deals")
    row = deals[deals["end_reason"] == "failure"].sort_values("paid").iloc[-1]
    _, _, lines = tell(folder, f"deal:{row['deal']}")
    texts = [line.text for line in lines]
    assert any("signed" in text and money(row["upfront"]) in text for text in texts)
    assert any("ended: failure" in text for text in texts)
    assert any(text.startswith(f"alliance {row['deal']}: formed") for text in texts)
    assert lines[0].month >= row["month"].strftime("%Y-%m")


def test_the_story_of_a_firm_is_found_by_name_in_any_case(folder: Path) -> None:
    deals, firms = table(folder, "deals"), table(folder, "firms")
    firm = int(deals["seller"].mode()[0])
    name = firms.set_index("firm").loc[firm, "name"]
    assert tell(folder, name.upper()) == tell(folder, f"firm:{firm}")
    _, _, lines = tell(folder, name)
    assert sum("signed" in line.text for line in lines) == ((deals["seller"] == firm) | (deals["buyer"] == firm)).sum()


def test_unknown_identities_name_the_nearest(folder: Path) -> None:
    run = Run(folder)
    firm = int(table(folder, "firms")["firm"].max())
    with pytest.raises(RequestError, match=f"firm .*{firm}"):
        find(run, str(firm + 1_000_000))
    name = table(folder, "firms")["name"].iloc[3]
    with pytest.raises(RequestError, match=name):
        find(run, name[:-1])
    with pytest.raises(RequestError, match="asset:ID"):
        find(run, "drug:3")
    with pytest.raises(RequestError, match=f"nearest: firm .*{firm}"):
        find(run, f"firm:{10**30}")
    with pytest.raises(RequestError, match="no firm is called"):
        find(run, "\N{SUPERSCRIPT TWO}")


def test_what_is_two_things_asks_which(folder: Path) -> None:
    run = Run(folder)
    both = set(table(folder, "assets")["asset"]) & set(table(folder, "firms")["firm"])
    assert 0 in both
    with pytest.raises(RequestError, match="write asset:0 or firm:0"):
        find(run, "0")
    assert find(run, "firm:0") == ("firm", 0)


def test_no_results_is_a_wrong_request(tmp_path: Path, pharmarket: Pharmarket) -> None:
    with pytest.raises(RequestError, match="no results"):
        tell(tmp_path, "5")
    done = pharmarket("explain", str(tmp_path), "5")
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_a_damaged_folder_is_said_to_be(folder: Path, tmp_path: Path) -> None:
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "firms.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(RequestError, match="broken is damaged"):
        tell(broken, "firm:0")
    (broken / "firms.parquet").unlink()
    with pytest.raises(RequestError, match="broken is damaged"):
        tell(broken, "firm:0")


def test_a_missing_column_is_named(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "old"
    shutil.copytree(folder, broken)
    deals = pd.read_parquet(broken / "deals.parquet")
    deals.drop(columns="upfront").to_parquet(broken / "deals.parquet")
    with pytest.raises(RequestError, match="another version: upfront is missing"):
        tell(broken, f"deal:{deals.deal.iloc[0]}")


def test_json_for_machines(folder: Path, pharmarket: Pharmarket) -> None:
    deal = int(table(folder, "deals")["deal"].iloc[0])
    done = pharmarket("explain", str(folder), f"deal:{deal}", "--json")  # the number alone may be that of an asset too
    content = json.loads(done.stdout)
    assert content["kind"] == "deal" and content["id"] == deal
    assert {"month", "text", "kind"} <= set(content["log"][0])


def test_words_for_numbers() -> None:
    assert [ordinal(share) for share in (0.71, 0.11, 0.02, 0.999, 0.0)] == [
        "71st percentile", "11th percentile", "2nd percentile", "99th percentile", "1st percentile"
    ]  # fmt: skip
    assert [money(amount) for amount in (0.44, 12.4, 1234.0)] == ["0.4 m", "12 m", "1.2 bn"]
