"""A market on disk: the whole state as Parquet, arrays and a manifest, written complete or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zipfile import BadZipFile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import scenarios
from model.clock import month_label
from model.logs import Log
from model.observation.recorder import Recorder
from model.tables import Column, Table, schema
from model.values import Values
from model.world import TABLES, Indications, World

if TYPE_CHECKING:
    from agents.base import Decider
    from model.market import PharmaMarket

    Market = TypeVar("Market", bound=PharmaMarket)

FORMAT, VERSION = "pharmarket state", 1
MANIFEST, ARRAYS = "manifest.json", "arrays.npz"


def save(market: PharmaMarket, folder: str | Path) -> None:
    """Write the state of ``market`` to ``folder``; an earlier state there is replaced as a whole.

    Raises
    ------
    ValueError
        ``folder`` holds something else than a saved state.
    """
    target = Path(os.path.realpath(folder))
    check_place(target)
    partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
        write(market, partial)
        replace(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def load(kind: type[Market], folder: str | Path, agents: Mapping[type[Decider], Any] | None = None) -> Market:
    """The market whose state :func:`save` wrote to ``folder``; it plays on bit for bit like the original.

    Classes cannot be restored from disk, so a market with behaviour of its own needs the same ``agents`` again
    (``{}`` goes on with the standard behaviour).

    Raises
    ------
    ValueError
        ``folder`` is no saved state, one of another version, or damaged; or ``agents`` are missing.
    """
    place = Path(folder)
    manifest = read_manifest(place)
    if agents is None and manifest["own_agents"]:
        own = ", ".join(f"{base}: {name}" for base, name in manifest["own_agents"].items())
        raise ValueError(f"{folder} has behaviour of its own; give agents={{{own}}}, or agents={{}} to go on without")
    market = kind(
        [read_scenario(one) for one in manifest["scenarios"]], rng=manifest["seed"], scale=manifest["scale"],
        start=manifest["start"], changes=manifest["changes"], agents=agents, _world=read_world(place, manifest),
    )  # fmt: skip
    market.world.now = market.values.at(max(market.world.month - 1, 0))
    market.steps = manifest["steps"]
    if market.values.digest() != manifest["values_digest"]:
        warnings.warn(f"the data of the model have changed since {folder} was saved", stacklevel=3)
    return market


# --- the places


def check_place(target: Path) -> None:
    """Raise ValueError unless a state may be written to ``target``: nothing, an empty folder, or an earlier state."""
    if target.exists() and not target.is_dir():
        raise ValueError(f"{target} is a file; name a folder")
    if target.is_dir() and any(target.iterdir()) and not is_state(target):
        raise ValueError(f"{target} holds other files and no saved state; name a new folder or empty it")
    strange = [p.name for p in target.glob("*") if p.name not in (MANIFEST, ARRAYS) and p.suffix != ".parquet"]
    if strange:
        listed = ", ".join(sorted(strange)[:3])
        raise ValueError(f"{target} holds more than a saved state ({listed}); move that away, or name a new folder")


def is_state(folder: Path) -> bool:
    """Whether a folder was written by :func:`save`, of whatever version."""
    try:
        return bool(json.loads((folder / MANIFEST).read_text("utf-8"))["format"] == FORMAT)
    except (OSError, ValueError, TypeError, KeyError):
        return False


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a saved state. Raises ValueError for anything else or another version."""
    if not is_state(folder):
        raise ValueError(f"{folder} is no saved state: it has no {MANIFEST} that PharmaMarket.save wrote")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    if manifest["format_version"] != VERSION:
        raise ValueError(f"{folder} has format version {manifest['format_version']}; this version reads {VERSION} only")
    return manifest


def replace(partial: Path, target: Path) -> None:
    """Put ``partial`` in the place of ``target``; on any failure the earlier state comes back."""
    aside = target.with_name(f".{target.name}.earlier-{os.getpid()}")
    earlier = target.exists()
    if earlier:
        target.rename(aside)
    try:
        partial.rename(target)
    except BaseException:
        if earlier:
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


# --- what is written


def write(market: PharmaMarket, folder: Path) -> None:
    """All files of a state."""
    world = market.world
    for name, columns in parquets(world):
        pq.write_table(pa.table({key: to_arrow(array) for key, array in columns.items()}), folder / f"{name}.parquet",
                       compression="zstd", compression_level=-3)  # fmt: skip
    np.savez(folder / ARRAYS, allow_pickle=False, **arrays(world))
    (folder / MANIFEST).write_text(json.dumps(describe(market), indent=2) + "\n", encoding="utf-8")


def parquets(world: World) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """(file, columns) of every entity table and every record that is not empty."""
    for name in TABLES:
        table = getattr(world, name)
        yield name, {column.name: getattr(table, column.name) for column in table.schema}
    for name, log in world.logs.items():
        if len(log):
            yield f"log_{name}", log.arrays()


def arrays(world: World) -> dict[str, np.ndarray]:
    """Every array of the state that is no entity table, by a name that tells where it belongs."""
    recorder = world.recorder
    groups: dict[str, Mapping[str, Any]] = {
        "state": world.state, "flows": world.flows, "ledger": {"balances": world.ledger.balances},
        "indications": vars(world.indications),
        "recorder": {"months": recorder.months, "indicators": recorder.indicators, "regional": recorder.regional,
                     "trailing": recorder.trailing},
        **{f"slow_{part}": figures for part, figures in recorder.slow.items()},
    }  # fmt: skip
    return {f"{group}/{name}": np.asarray(value) for group, found in groups.items() for name, value in found.items()}


def describe(market: PharmaMarket) -> dict[str, Any]:
    """The manifest: rules, changes, seed, scale, month, what the own agents need, and the digest of the state."""
    world = market.world
    extra = {name: getattr(world, name).schema[len(schema(name)) :] for name in TABLES}
    own = {base.__name__: given[0] if isinstance(given, tuple) else given for base, given in market.behaviour.items()}
    return {
        "format": FORMAT, "format_version": VERSION, "month": world.month, "played_to": market.month_label,
        "next_month": month_label(world.month), "steps": market.steps, "seed": market.seed_number,
        "scale": market.scale, "start": market.start, "changes": market.changes,
        "rules": market.rules.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "scenarios": [write_scenario(one) for one in flattened(list(market.given))],
        "own_agents": {base: kind.__name__ for base, kind in own.items()},
        "own_columns": {name: [vars(column) for column in columns] for name, columns in extra.items() if columns},
        "rows": {name: len(getattr(world, name)) for name in TABLES},
        "values_digest": market.values.digest(), "content_hash": content_hash(world),
    }  # fmt: skip


def flattened(given: list[Any]) -> list[scenarios.Scenario]:
    """The scenarios of a market and those that they extend, each once, in the order of their changes.

    Kept one by one, so that a scenario added later is still known to be there already.
    """
    found: dict[str, scenarios.Scenario] = {}
    for one in given:
        scenario = one if isinstance(one, scenarios.Scenario) else scenarios.load(one)
        for each in (*flattened(scenario.extends), scenario):
            found.setdefault(each.identity, each)
    return list(found.values())


def write_scenario(scenario: scenarios.Scenario) -> dict[str, Any]:
    """A scenario as JSON; what it extends stands before it."""
    content = scenario.model_dump(mode="json", by_alias=True, exclude={"extends"})
    return {"name": scenario.name, **content}


def content_hash(world: World) -> str:
    """SHA-256 of the state: names, types, shapes and bytes of all arrays and the month."""
    sha = hashlib.sha256(f"month {world.month} seed {world.draws.seed} scale {world.scale!r}".encode())
    parts = {f"{file}/{name}": array for file, columns in parquets(world) for name, array in columns.items()}
    for name, array in sorted({**parts, **arrays(world)}.items()):
        sha.update(f"{name} {array.dtype.str} {array.shape}".encode())
        sha.update(np.ascontiguousarray(array).tobytes())
    return sha.hexdigest()


def to_arrow(array: np.ndarray) -> pa.Array:
    """A column as Arrow: plain, or lists of fixed size for two dimensions."""
    flat = pa.array(np.ascontiguousarray(array).reshape(-1))
    return flat if array.ndim == 1 else pa.FixedSizeListArray.from_arrays(flat, array.shape[1])


# --- what is read


def read_world(folder: Path, manifest: Mapping[str, Any]) -> World:
    """The world of a saved state. Raises ValueError if files are missing, of other columns, or damaged."""
    try:
        with (folder / ARRAYS).open("rb") as handle, np.load(handle, allow_pickle=False) as file:
            kept = {name: file[name] for name in file.files}
        known: dict[str, Any] = {name: tuple(column.tolist()) if column.dtype.kind == "U" else column
                 for name, column in group(kept, "indications").items()}  # fmt: skip
        world = World(Values.load(manifest["start"]), manifest["seed"], manifest["scale"], Indications(**known))
        for name in TABLES:
            extra = tuple(Column(**column) for column in manifest["own_columns"].get(name, ()))
            setattr(world, name, read_table(folder, name, extra))
        world.logs = {name: read_log(folder, name, log.types) for name, log in world.logs.items()}
        fill(world, kept)
    except (OSError, EOFError, KeyError, TypeError, BadZipFile, pa.ArrowException) as error:
        raise ValueError(f"{folder} is damaged: {type(error).__name__}: {error}") from error
    world.month = manifest["month"]
    if content_hash(world) != manifest["content_hash"]:
        raise ValueError(f"{folder} is damaged: its content is not what was saved")
    world.refresh()
    return world


def fill(world: World, kept: Mapping[str, np.ndarray]) -> None:
    """Put the arrays of a saved state in their places."""
    world.ledger.balances[:] = kept["ledger/balances"]
    world.state, world.flows = group(kept, "state"), {**world.flows, **group(kept, "flows")}
    recorder = world.recorder = Recorder(0)
    recorder.months = int(kept["recorder/months"])
    for name in ("indicators", "regional", "trailing"):
        setattr(recorder, name, kept[f"recorder/{name}"])
    figures = {name: float(value) for name, value in group(kept, "slow_world").items()}
    if figures:
        recorder.slow = {"world": figures, "regional": group(kept, "slow_regional")}


def group(kept: Mapping[str, np.ndarray], name: str) -> dict[str, np.ndarray]:
    """The arrays of one group by their own names."""
    return {key.removeprefix(f"{name}/"): array for key, array in kept.items() if key.startswith(f"{name}/")}


def read_table(folder: Path, name: str, extra: tuple[Column, ...]) -> Table:
    """An entity table of a saved state. Raises ValueError if its columns are not those of the schema."""
    stored = pq.read_table(folder / f"{name}.parquet")
    table = Table(name, capacity=stored.num_rows, extra=extra)
    if stored.column_names != [column.name for column in table.schema]:
        odd = sorted(set(stored.column_names) ^ {column.name for column in table.schema})
        raise ValueError(f"{folder} is of another version: its {name} differs in {', '.join(odd) or 'the order'}")
    columns = {column.name: to_numpy(stored[column.name], column.shape) for column in table.schema}
    table.append(stored.num_rows, **columns)
    return table


def read_log(folder: Path, name: str, types: Mapping[str, str]) -> Log:
    """A record of a saved state; what is not there was empty."""
    log, path = Log(**types), folder / f"log_{name}.parquet"
    if path.exists():
        stored = pq.read_table(path)
        log.add(stored.num_rows, **{column: to_numpy(stored[column], ()) for column in types})
    return log


def to_numpy(column: pa.ChunkedArray, shape: tuple[int, ...]) -> np.ndarray:
    """A column of a file as an array with the trailing shape of its attribute."""
    chunks = [chunk.flatten() if shape else chunk for chunk in column.chunks]
    flat = [chunk.to_numpy(zero_copy_only=False) for chunk in chunks] or [np.empty(0)]
    return np.concatenate(flat).reshape(-1, *shape)


def read_scenario(content: Mapping[str, Any]) -> scenarios.Scenario:
    """A scenario as :func:`write_scenario` wrote it, its name included."""
    scenario = scenarios.Scenario.model_validate({key: value for key, value in content.items() if key != "name"})
    return scenario.model_copy(update={"name": content["name"]})
