"""The named values by month: their layout, the algebra of changes, mistakes and listings."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from model import labels
from model.data import FOLDER, reader
from model.values import Moment, OutOfRange, UnknownValue, Values


def month(text: str) -> int:
    year, number = map(int, text.split("-"))
    return (year - 2000) * 12 + number - 1


def changed(values: Values, family: str, **change: object) -> np.ndarray:
    return values.with_changes([change])[family]


# --- layout by month


def test_points_and_the_months_between_them(values: Values) -> None:
    china = values["trials.cost_per_patient"][:, labels.REGIONS.index("CN")]
    assert china[month("2010-01")] == pytest.approx(0.36)
    assert china[month("2012-07")] == pytest.approx(0.40)  # half way to 0.44 in 2015
    assert china[month("2040-12")] == pytest.approx(0.58)  # flat after the last point


def test_log_interpolation_is_geometric(values: Values) -> None:
    china = values["trials.capacity"][:, labels.REGIONS.index("CN")]
    assert china[month("2012-07")] == pytest.approx(math.sqrt(46_000 * 100_000))


def test_steps_fall_on_january(values: Values) -> None:
    nmpa = values["regulator.authorisation_days"][:, labels.REGULATORS.index("NMPA")]
    assert (nmpa[month("2017-12")], nmpa[month("2018-01")]) == (240, 87)


def test_pairs_are_symmetric_squares(values: Values) -> None:
    tension = values["geopolitics.tension"]
    assert tension.shape == (492, 10, 10)
    assert (tension == tension.transpose(0, 2, 1)).all() and (tension.diagonal(axis1=1, axis2=2) == 0).all()
    assert (values["requirement.distance"] == values["requirement.distance"].transpose(0, 2, 1)).all()


def test_another_start_is_the_same_calendar(values: Values) -> None:
    late = Values.load("2025-01", 24)
    assert np.allclose(late["geopolitics.tension"], values["geopolitics.tension"][300:324])


def test_a_month_gives_floats_and_arrays(values: Values) -> None:
    now = values.at(300)
    assert type(now["capital.persistence"]) is float and type(now["trials.outsourced_share"]) is float
    assert now["trials.recruitment"].shape == (5, 10)
    assert isinstance(now, Moment)
    with pytest.raises(UnknownValue, match=r"nearest: trials\.recruitment"):
        now["trials.recruitmnt"]
    with pytest.raises(IndexError):
        values.at(492)


def test_arrays_cannot_be_written(values: Values) -> None:
    with pytest.raises(ValueError):
        values["trials.recruitment"][0] = 0
    with pytest.raises(ValueError):
        values.at(0)["trials.recruitment"][0] = 0


# --- changes


def test_set_scale_and_add_cover_their_window_only(values: Values) -> None:
    before, window = values["trials.startup"][:, 5], slice(month("2026-01"), month("2030-01"))
    for change, expected in (({"set": 2.0}, 2.0), ({"scale": 0.5}, before * 0.5), ({"add": 1.0}, before + 1.0)):
        change |= {"value": "trials.startup.CN", "from": "2026-01", "until": "2030-01"}
        after = changed(values, "trials.startup", **change)
        assert np.allclose(after[window, 5], np.broadcast_to(expected, before.shape)[window])
        assert (after[: window.start] == values["trials.startup"][: window.start]).all()
        assert (after[window.stop :] == values["trials.startup"][window.stop :]).all()
        assert (np.delete(after, 5, axis=1) == np.delete(values["trials.startup"], 5, axis=1)).all()


def test_a_ramp_is_straight_arrives_and_stays(values: Values) -> None:
    change = {"value": "geopolitics.tension.US-CN", "ramp": 0.9, "from": "2026-01", "until": "2030-01"}
    path = changed(values, "geopolitics.tension", **change)[:, 0, 5]
    start = values["geopolitics.tension"][month("2026-01"), 0, 5]
    assert path[month("2026-01")] == start
    assert path[month("2028-01")] == pytest.approx((start + 0.9) / 2)
    assert (path[month("2030-01") :] == 0.9).all()


def test_a_ramp_that_began_before_the_run_is_under_way() -> None:
    late = Values.load("2028-01", 36)
    change = {"value": "demand.pandemic", "ramp": 1.0, "from": "2026-01", "until": "2030-01"}
    path = changed(late, "demand.pandemic", **change)
    assert path[0] == pytest.approx(0.5) and path[24] == 1.0


def test_a_constant_becomes_dated_only_by_a_dated_change(values: Values) -> None:
    assert changed(values, "demand.pandemic", value="demand.pandemic", set=1).shape == ()
    dated = values.with_changes([{"value": "demand.pandemic", "set": 1, "from": "2020-02", "until": "2022-02"}])
    assert dated["demand.pandemic"].sum() == 24
    assert dated.at(month("2021-01"))["demand.pandemic"] == 1.0


def test_changes_apply_in_order_and_compose(values: Values) -> None:
    first = {"value": "access.demand.US", "set": 2.0}
    second = {"value": "access.demand.US", "scale": 1.5}
    assert values.with_changes([first, second])["access.demand"][0] == pytest.approx(3.0)
    assert values.with_changes([second, first])["access.demand"][0] == 2.0
    step_by_step = values.with_changes([first]).with_changes([second])
    assert step_by_step.digest() == values.with_changes([first, second]).digest()


def test_partial_names_address_every_cell_below(values: Values) -> None:
    recruitment = changed(values, "trials.recruitment", value="trials.recruitment.CN", scale=1.5)
    ratio = recruitment[300] / values["trials.recruitment"][300]
    assert np.allclose(ratio[:, 5], 1.5) and np.allclose(np.delete(ratio, 5, axis=1), 1.0)
    tension = changed(values, "geopolitics.tension", value="geopolitics.tension.CN", set=0.5)
    assert (tension[0, 5] == 0.5).sum() == 9 and (tension[0] == tension[0].T).all() and tension[0, 5, 5] == 0
    assert (changed(values, "access.demand", value="access.demand", set=1.2) == 1.2).all()


def test_a_pair_has_no_direction(values: Values) -> None:
    one, other = ({"value": f"geopolitics.tension.{pair}", "set": 0.4} for pair in ("US-CN", "CN-US"))
    assert values.with_changes([one]).digest() == values.with_changes([other]).digest() != values.digest()


def test_untouched_arrays_are_shared_and_the_original_stays(values: Values) -> None:
    digest = values.digest()
    other = values.with_changes([{"value": "access.demand.US", "set": 2.0}])
    assert other["trials.recruitment"] is values["trials.recruitment"]
    assert values.digest() == digest and values["access.demand"][0] == 1.0


@pytest.mark.parametrize("family", ["deal.runway_effect", "trials.recruitment", "geopolitics.tension", "access.demand"])
@pytest.mark.parametrize("window", [{}, {"from": "2026-01"}, {"from": "2026-01", "until": "2028-01"}])
def test_a_null_change_leaves_the_digest(values: Values, family: str, window: dict) -> None:
    for null in ({"scale": 1.0}, {"add": 0.0}):
        assert values.with_changes([{"value": family, **null, **window}]).digest() == values.digest()


def test_setting_the_default_is_a_null_change(values: Values) -> None:
    change = {"value": "access.demand.US", "set": 1.0, "from": "2026-01"}
    ramp = {"value": "access.demand.US", "ramp": 1.0, "from": "2026-01", "until": "2030-01"}
    assert values.with_changes([change, ramp]).digest() == values.digest()


def test_a_change_after_the_run_does_nothing(values: Values) -> None:
    late = {"value": "access.demand.US", "set": 2.0, "from": "2055-01"}
    ramp = {"value": "access.demand.US", "ramp": 2.0, "from": "2055-01", "until": "2056-01"}
    assert values.with_changes([late, ramp]).digest() == values.digest()


# --- mistakes and listings


def test_an_unknown_name_lists_the_nearest(values: Values) -> None:
    with pytest.raises(UnknownValue, match=r"'trials\.recruitment\.CM'; nearest: trials\.recruitment\.CN"):
        values.with_changes([{"value": "trials.recruitment.CM", "scale": 2}])
    with pytest.raises(UnknownValue, match=r"nearest: .*capital\.boom_months"):
        values["capital.boom_month"]
    assert "trials.recruitment.CN" in values and "trials.recruitment.CM" not in values and 3 not in values


def test_out_of_range_names_value_and_range(values: Values) -> None:
    with pytest.raises(OutOfRange, match=r"geopolitics\.tension\.US-CN would become 1\.2 .* 0 to 1"):
        values.with_changes([{"value": "geopolitics.tension.US-CN", "set": 1.2}])
    with pytest.raises(OutOfRange, match=r"access\.demand\.US would become 0 "):
        values.with_changes([{"value": "access.demand.US", "scale": 0, "from": "2030-01"}])


def test_names_lists_by_name_glob_and_part(values: Values) -> None:
    assert len(values.names("trials.recruitment.CN")) == 5
    assert len(values.names("geopolitics.tension.CN")) == 9
    assert set(values.names("capital.boom_*").name) == {
        "capital.boom_months",
        "capital.boom_public",
        "capital.boom_venture",
    }
    row = values.names("trials.recruitment.phase3.CN").iloc[0]
    assert (row.default, row.status, row.role) == ("series 2000-2024", "A", "data")
    assert values.names("capital.persistence").iloc[0].default == 0.573
    assert values.names("no such thing").empty


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x.scalar,,5,5,5,V,somewhere", "5.0 is out of 0.0 to 1.0"),
        ("x.scalar,2000,0.5,0,1,V,somewhere", "wants one value without a year"),
        ("x.other,,0.5,0,1,V,somewhere", "x.other belongs to no family"),
        ("x.scalar,,0.5,0,1,V", "has 6 columns, not 7"),
        ("", "has no value"),
    ],
)
def test_a_broken_data_file_is_refused(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "values").mkdir()
    head = (FOLDER / "families.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "families.csv").write_text(f"{head}\nx.scalar,,constant,share,0,1,data,a test\n")
    (tmp_path / "values" / "x.csv").write_text(f"name,year,value,low,high,status,source\n{row}\n")
    with pytest.raises(reader.DataError, match=message):
        reader.families(tmp_path)


def test_extra_family_files_are_read(tmp_path: Path) -> None:
    for name in ("families.csv", "values"):
        source = FOLDER / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path / name)
    for extra in FOLDER.glob("families_*.csv"):
        shutil.copy(extra, tmp_path / extra.name)
    head = (FOLDER / "families.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "families_zz.csv").write_text(f"{head}\nzz.mine,region,linear,share,0,1,calibrated,a test\n")
    rows = [
        f"zz.mine.{region},{year},0.{year - 1999},0,1,A,a test" for region in labels.REGIONS for year in (2000, 2001)
    ]
    (tmp_path / "values" / "zz.csv").write_text("\n".join(["name,year,value,low,high,status,source", *rows]) + "\n")
    family = reader.families(tmp_path)["zz.mine"]
    assert reader.layout(family, 2000 + np.arange(24) / 12)[6] == pytest.approx(np.full(10, 0.15))
