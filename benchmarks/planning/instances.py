"""Published instances of siting with their best-known values, read from a folder that is not part of the project."""

import csv
from pathlib import Path

import numpy as np

from tongzhou.planning.siting.problem import Question
from tongzhou.planning.siting.rows import Rows
from tongzhou.planning.walking import Given, Straight


class Floored(Straight):
    """Straight lines rounded down to whole units, as TSPLIB's p-median values and pmedcap1 have them."""

    def nearest(self, units: np.ndarray, count: int) -> Rows:
        rows = super().nearest(units, count)
        return Rows(rows.start, rows.site, np.floor(rows.metres + 1e-9), np.floor(rows.beyond))


def known(folder: Path) -> dict[tuple[str, str], float]:
    with (folder / "best_known.csv").open(encoding="utf-8") as lines:
        return {(row["problem"], row["instance"]): float(row["value"]) for row in csv.DictReader(lines)}


def question(folder: Path, name: str) -> tuple[Question, np.ndarray, bool]:
    """The instance, coordinates along which it may be halved, and whether it has limits of room."""
    if name.startswith("pmed"):
        metres, p = graph(folder / "orlib" / f"{name}.txt")
        return plain(Given(metres), p), np.zeros((0, len(metres))), False
    stem, _, points = name.rpartition("_p")
    if stem and points.isdigit():
        spots = tsplib(folder / "tsplib" / f"{stem}.tsp")
        return plain(Floored(spots, spots), int(points)), spots.T.copy(), False
    words = (folder / "cpmp" / f"{name}.txt").read_text().split()
    n, p = int(words[0]), int(words[1])
    rows = np.array(words[2 : 2 + 4 * n], float).reshape(n, 4)
    spots, room, size = rows[:, :2].copy(), rows[:, 2].astype(np.int64), rows[:, 3].copy()
    ways = (Floored if name.startswith("cpmp") else Straight)(spots, spots)
    no, far = np.zeros(n, bool), np.full(n, np.inf)
    return Question(ways, np.ones(n), size, 1.0, room, no, no, p, np.inf, far), spots.T.copy(), True


def plain(ways: Straight | Given, points: int) -> Question:
    n, no = ways.units, np.zeros(ways.units, bool)
    return Question(
        ways, np.ones(n), np.ones(n), np.inf, np.ones(n, np.int64), no, no, points, np.inf, np.full(n, np.inf)
    )


def graph(path: Path) -> tuple[np.ndarray, int]:
    """Shortest paths of an OR-Library graph; a later line for the same pair overwrites an earlier one."""
    from scipy.sparse.csgraph import floyd_warshall

    numbers = np.array(path.read_text().split(), np.int64)
    n, _edges, p = numbers[:3]
    length = np.full((n, n), np.inf)
    for a, b, cost in numbers[3:].reshape(-1, 3):
        length[a - 1, b - 1] = length[b - 1, a - 1] = cost
    np.fill_diagonal(length, 0)
    return floyd_warshall(length), int(p)


def tsplib(path: Path) -> np.ndarray:
    lines = path.read_text().split("NODE_COORD_SECTION", 1)[1].split("EOF")[0].split()
    return np.array(lines, float).reshape(-1, 3)[:, 1:].copy()
