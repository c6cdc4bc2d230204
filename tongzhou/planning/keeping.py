"""A plan on disk: JSON with its case, from which it comes back number for number."""

from json import dumps, loads
from pathlib import Path
from typing import Any

import numpy as np

from tongzhou.planning.case import TABLES, Case, Rules, walk_words
from tongzhou.planning.plan import Plan
from tongzhou.planning.siting.problem import Effort
from tongzhou.planning.walking import Earth, Matrix, Plane, Walk

FORM = 1  # of the file


def plain(plan: Plan) -> dict[str, Any]:
    """The plan as plain values."""
    case = plan.case
    return {
        "form": FORM, "case_digest": case.digest, "digest": plan.digest,
        "value": plan.value, "bound": plan.bound, "gap": plan.gap, "stopped": plan.stopped,
        "seed": plan.seed, "effort": vars(plan.effort), "versions": dict(plan.versions), "closed": [list(one) for one in plan.closed],
        "open": plan.open.tolist(), "at": plan.at.tolist(),
        "since": None if plan.since is None else plan.since.tolist(),
        "case": {name: getattr(case, name).lists() for name in TABLES} | {"rules": vars(case.rules), "walk": walk_words(case.walk)},
    }  # fmt: skip


def save(plan: Plan, path: str | Path) -> None:
    Path(path).write_text(dumps(plain(plan), ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def load(path: str | Path) -> Plan:
    """The plan that was saved. Raises ValueError if the file is not of this form or was changed by hand."""
    return revived(loads(Path(path).read_text(encoding="utf-8")), str(path))


def revived(kept: dict[str, Any], path: str = "plan") -> Plan:
    """The plan out of the plain values that `plain` made of it; `path` is what a fault calls it."""
    if kept.get("form") != FORM:
        message = f"{path}: a plan of form {kept.get('form')}, this program reads form {FORM}"
        raise ValueError(message)
    given = kept["case"]
    tables = {name: given[name] for name in TABLES}
    case = Case(**tables, walk=_walk(dict(given["walk"])), rules=Rules(**given["rules"]))
    plan = Plan(
        case, np.array(kept["at"], np.int32), np.array(kept["open"], np.int64), kept["value"], kept["bound"], kept["stopped"], kept["seed"],
        Effort(**kept["effort"]), kept["versions"], tuple((key, at) for key, at in kept["closed"]),
        None if kept["since"] is None else np.array(kept["since"]),
    )  # fmt: skip
    if (plan.digest, case.digest) != (kept["digest"], kept["case_digest"]):
        message = f"{path}: it was changed after the plan was made; make the plan again"
        raise ValueError(message)
    return plan


def _walk(words: dict[str, Any]) -> Walk:
    kind = words.pop("kind")
    if kind == "Plane":
        return Plane(**words)
    if kind == "Earth":
        return Earth(**words)
    ground = Earth(**words["ground"]) if "ground" in words else None
    if "metres" in words:
        return Matrix(np.array(words["metres"], np.float64), ground)
    from scipy.sparse import csr_array  # loaded only where such a plan is read

    parts = (np.array(words["data"]), np.array(words["indices"]), np.array(words["indptr"]))
    return Matrix(csr_array(parts, shape=tuple(words["shape"])), ground)
