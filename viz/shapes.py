"""The world map of the app, from Natural Earth's countries: ``python -m viz.shapes countries-110m.json``.

The file is that of the npm package ``world-atlas`` 2.0.2, which holds Natural Earth's 1:110m countries (public domain)
as TopoJSON. Countries become the regions of the model, in the Equal Earth projection (Šavrič, Patterson and Jenny 2018)
around 11° east, which cuts no inhabited country; what still crosses the edge is split there. Antarctica is left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from model.labels import REGIONS

OUT = Path(__file__).parent / "assets" / "world.json"
CENTRE = 11.0
DIGITS = 2
LEFT_OUT = {"010", "260"}
MEMBERS = {
    "US": ["840", "630"], "UK": ["826"], "CH": ["756"], "JP": ["392"], "CN": ["156"], "KR": ["410"], "CA": ["124"],
    "AU": ["036"],
    "EU": ["040", "056", "100", "191", "196", "203", "208", "233", "246", "250", "276", "300", "348", "372", "380",
           "428", "440", "442", "470", "528", "616", "620", "642", "703", "705", "724", "752"],
}  # fmt: skip
"""Countries of each region by ISO 3166 number; all others are the rest of the world."""
A = (1.340264, -0.081106, 0.000893, 0.003796)
ANCHORS = {
    "US": (-98.0, 39.5), "EU": (11.0, 49.5), "UK": (-2.0, 54.0), "CH": (8.2, 46.8), "JP": (138.5, 36.5),
    "CN": (104.0, 34.5), "KR": (127.8, 36.4), "CA": (-105.0, 57.0), "AU": (134.0, -25.0), "ROW": (20.0, -3.0),
}  # fmt: skip
"""Where arcs begin and end, longitude and latitude."""
Ring = np.ndarray


def project(points: Ring) -> Ring:
    """Equal Earth coordinates, in degrees at the equator; ``points`` are longitudes from the centre and latitudes."""
    longitude, latitude = np.radians(points).T
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(latitude))
    square = theta**2
    slope = A[0] + 3 * A[1] * square + square**3 * (7 * A[2] + 9 * A[3] * square)
    x = 2 * np.sqrt(3) * longitude * np.cos(theta) / (3 * slope)
    y = theta * (A[0] + A[1] * square + square**3 * (A[2] + A[3] * square))
    return np.degrees(np.column_stack([x, y]))


def anchors() -> dict[str, list[float]]:
    """Projected place of each region."""
    places = np.array([ANCHORS[region] for region in REGIONS]) - [CENTRE, 0.0]
    return {region: np.round(place, DIGITS).tolist() for region, place in zip(REGIONS, project(places), strict=True)}


def arcs(topology: dict[str, Any]) -> list[Ring]:
    """The shared lines of a TopoJSON file as degrees."""
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]


def ring(lines: list[Ring], numbers: Sequence[int]) -> Ring:
    """One closed line; a negative number stands for a line that is walked backwards."""
    parts = [lines[number] if number >= 0 else lines[~number][::-1] for number in numbers]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def split(line: Ring) -> Iterator[Ring]:
    """A ring as longitudes from the centre without a jump, and where it leaves the map, its parts on either side."""
    longitude = np.degrees(np.unwrap(np.radians(line[:, 0] - CENTRE)))
    longitude -= 360 * np.round(longitude.mean() / 360)
    whole = np.column_stack([longitude, line[:, 1]])
    for turn in (-360.0, 0.0, 360.0):
        part = clip(clip(whole + np.array([turn, 0.0]), 180.0, 1), -180.0, -1)
        if len(part) > 3:
            yield part


def clip(points: Ring, edge: float, side: int) -> Ring:
    """The part of a ring on the inner side of a meridian (Sutherland and Hodgman)."""
    kept: list[Ring] = []
    for start, end in zip(points, np.roll(points, -1, axis=0), strict=True):
        inside, next_inside = side * (edge - start[0]) >= 0, side * (edge - end[0]) >= 0
        if inside:
            kept.append(start)
        if inside != next_inside:
            kept.append(start + (end - start) * (edge - start[0]) / (end[0] - start[0]))
    return np.array(kept).reshape(-1, 2)


def polygons(geometry: dict[str, Any], lines: list[Ring]) -> Iterator[list[list[float]]]:
    """Outer rings of a country, projected (the holes of this file are countries of their own)."""
    found = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for rings in found:
        for part in split(ring(lines, rings[0])):
            yield np.round(project(part), DIGITS).tolist()


def regions(topology: dict[str, Any]) -> dict[str, Any]:
    """One GeoJSON feature per region of the model."""
    region_of = {country: region for region, countries in MEMBERS.items() for country in countries}
    shapes: dict[str, list[Any]] = {region: [] for region in REGIONS}
    lines = arcs(topology)
    for geometry in topology["objects"]["countries"]["geometries"]:
        number = geometry.get("id") or ""
        if number not in LEFT_OUT:
            shapes[region_of.get(number, "ROW")] += [[part] for part in polygons(geometry, lines)]
    features = [
        {"type": "Feature", "properties": {"name": region, "cp": anchors()[region]},
         "geometry": {"type": "MultiPolygon", "coordinates": shapes[region]}} for region in REGIONS
    ]  # fmt: skip
    source = "Natural Earth 1:110m countries (public domain), from npm world-atlas 2.0.2, by viz/shapes.py"
    return {"type": "FeatureCollection", "source": source, "features": features}


def main() -> None:
    """Write the map."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("countries", type=Path)
    document = regions(json.loads(parser.parse_args().countries.read_text("utf-8")))
    OUT.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
