"""Writes the case of Mingshan District 明山区 from the streets and communities of examples/benxi-2022.

Real: the names and codes of streets and communities (places.csv), the outline of the district (districts.geojson, coarse) and its 378,936
residents (census of 1 November 2020). Assumed, because nothing public says it: where a community lies, that residents are spread over
communities and buildings by chance, where points could stand and how many tables they hold, the staff, the laboratory and the vans.
So the plan shows what the planner does; it is not a plan for Mingshan.
"""

import csv
import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SOURCE = HERE.parent / "benxi-2022"
DISTRICT, RESIDENTS = "210504", 378_936
BUILDINGS, SITES = 24, 4  # for each community
MIDDLE, SPREAD = (123.80, 41.305), 0.018  # where most of the district lives: assumed, degrees


def main() -> None:
    chance = np.random.default_rng(20220826)
    rows = list(csv.DictReader((SOURCE / "places.csv").open(encoding="utf-8-sig")))
    streets = [row for row in rows if row["parent"] == DISTRICT]
    communities = [row for row in rows if row["parent"] in {street["code"] for street in streets}]
    rings = outline()
    middles = {street["code"]: spot(chance, rings, MIDDLE, SPREAD) for street in streets}
    demand, sites = [], []
    weights = chance.lognormal(0, 0.4, (len(communities), BUILDINGS))
    persons = np.floor(weights / weights.sum() * RESIDENTS).astype(int)
    persons.flat[: RESIDENTS - int(persons.sum())] += 1
    for number, community in enumerate(communities):
        middle = spot(chance, rings, middles[community["parent"]], 0.007)
        for k in range(BUILDINGS):
            x, y = spot(chance, rings, middle, 0.0022)
            demand.append(
                [f"{community['code']}-{k + 1:02d}", f"{community['name']} {k + 1}", int(persons[number, k]), x, y]
            )
        for k in range(SITES):
            x, y = spot(chance, rings, middle, 0.0022)
            sites.append(
                [
                    f"{community['code']}-P{k + 1}",
                    f"{community['name']} 候选点{k + 1}",
                    x,
                    y,
                    int(chance.integers(2, 7)),
                ]
            )
    write("demand.csv", ["key", "name", "persons", "x", "y"], demand)
    write("sites.csv", ["key", "name", "x", "y", "tables"], sites)


def outline() -> list[np.ndarray]:
    shapes = json.loads((SOURCE / "districts.geojson").read_text(encoding="utf-8"))["features"]
    shape = next(one["geometry"] for one in shapes if DISTRICT in json.dumps(one["properties"]))
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return [np.array(polygon[0])[:, :2] for polygon in polygons]


def spot(
    chance: np.random.Generator, rings: list[np.ndarray], middle: tuple[float, float], spread: float
) -> tuple[float, float]:
    """A place by chance around the middle, within the district if chance allows."""
    for _ in range(200):
        x, y = (float(value) for value in chance.normal(middle, [spread * 1.3, spread]))
        if any(within(ring, x, y) for ring in rings):
            break
    return round(x, 6), round(y, 6)


def within(ring: np.ndarray, x: float, y: float) -> bool:
    a, b = ring, np.roll(ring, -1, axis=0)
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
    return bool((crosses & (x < at)).sum() % 2)


def write(name: str, heading: list[str], rows: list[list[object]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([heading, *rows])
    print(name, len(rows))


if __name__ == "__main__":
    main()
