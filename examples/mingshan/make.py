"""Writes the case of Mingshan District 明山区, or with --city that of all six districts, from the streets and communities of examples/benxi-2022.

    python examples/mingshan/make.py                        examples/mingshan, as it lies here
    python examples/mingshan/make.py --city --out var/benxi       1,326,018 people: tongzhou plan var/benxi/case.toml --points 400

Real: the names and codes of streets and communities (places.csv), the outlines of the districts (districts.geojson, coarse) and the
residents of three of them and of the city (census of 1 November 2020). Assumed, because nothing public says it: that the other three share
the rest by their communities, where a community lies, that residents are spread over communities and buildings by chance, where points
could stand and how many tables they hold, the staff, the laboratory and the vans. So the plan shows what the planner does; it is not a plan for Benxi.
"""

import argparse
import csv
import json
import shutil
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SOURCE = HERE.parent / "benxi-2022"
MINGSHAN, CITY = "210504", 1_326_018
RESIDENTS = {MINGSHAN: 378_936, "210503": 204_660, "210505": 55_560}  # the census gives no more
BUILDINGS, SITES = 24, 4  # for each community
# where most of the district lives, degrees: assumed; elsewhere the middle of its outline
MIDDLE = {MINGSHAN: (123.80, 41.305)}
SPREAD, WIDE = 0.018, 0.05  # how far streets lie from there: around a town, and in a county
COUNTIES = {"210521", "210522"}

Rows = list[list[object]]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--city", action="store_true", help="all six districts in one case")
    parser.add_argument("--out", type=Path, default=HERE)
    given = parser.parse_args()
    places = list(csv.DictReader((SOURCE / "places.csv").open(encoding="utf-8-sig")))
    people, demand, sites = shares(places), Rows(), Rows()
    for district in sorted(people) if given.city else [MINGSHAN]:
        homes, spots = built(district, people[district], places)
        demand += homes
        sites += spots
    given.out.mkdir(parents=True, exist_ok=True)
    write(given.out / "demand.csv", ["key", "name", "persons", "x", "y"], demand)
    write(given.out / "sites.csv", ["key", "name", "x", "y", "tables"], sites)
    if given.out.resolve() != HERE.resolve():
        shutil.copy(HERE / "case.toml", given.out)


def shares(places: list[dict[str, str]]) -> dict[str, int]:
    """Residents of each district; where the census gives none, what is left of the city by the number of communities."""
    streets = {row["code"]: row["parent"] for row in places}
    communities = [streets[row["parent"]] for row in places if row["kind"] == "community"]
    rest = sorted(set(communities) - set(RESIDENTS))
    left, number = CITY - sum(RESIDENTS.values()), sum(communities.count(one) for one in rest)
    found = RESIDENTS | {one: left * communities.count(one) // number for one in rest}
    found[rest[0]] += CITY - sum(found.values())
    return found


def built(district: str, residents: int, places: list[dict[str, str]]) -> tuple[Rows, Rows]:
    """Buildings and candidate sites of a district."""
    chance = np.random.default_rng(20220826 + (int(district) - int(MINGSHAN)))
    streets = [row for row in places if row["parent"] == district]
    communities = [row for row in places if row["parent"] in {street["code"] for street in streets}]
    rings = outline(district)
    middle = MIDDLE.get(district) or tuple(np.concatenate(rings).mean(axis=0).tolist())
    middles = {
        street["code"]: spot(chance, rings, middle, WIDE if district in COUNTIES else SPREAD) for street in streets
    }
    weights = chance.lognormal(0, 0.4, (len(communities), BUILDINGS))
    persons = np.floor(weights / weights.sum() * residents).astype(int)
    persons.flat[: residents - int(persons.sum())] += 1
    demand, sites = Rows(), Rows()
    for number, community in enumerate(communities):
        code, name = community["code"], community["name"]
        here = spot(chance, rings, middles[community["parent"]], 0.007)
        for k in range(BUILDINGS):
            place = spot(chance, rings, here, 0.0022)
            demand.append([f"{code}-{k + 1:02d}", f"{name} {k + 1}", int(persons[number, k]), *place])
        for k in range(SITES):
            place = spot(chance, rings, here, 0.0022)
            sites.append([f"{code}-P{k + 1}", f"{name} 候选点{k + 1}", *place, int(chance.integers(2, 7))])
    return demand, sites


def outline(district: str) -> list[np.ndarray]:
    shapes = json.loads((SOURCE / "districts.geojson").read_text(encoding="utf-8"))["features"]
    shape = next(one["geometry"] for one in shapes if district in json.dumps(one["properties"]))
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


def write(file: Path, heading: list[str], rows: Rows) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([heading, *rows])
    print(file, len(rows))


if __name__ == "__main__":
    main()
