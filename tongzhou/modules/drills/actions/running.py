"""A drill while it runs: injects sent, reactions seen, targets measured. The server keeps the time; a second tap changes nothing.

`at` stands in for the server's clock where a drill is told afterwards; no page passes it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.drills import rules
from tongzhou.modules.drills.models import Drill, Inject, Target
from tongzhou.modules.drills.workflow import RUN, TIMED, DrillState

RELEASED = _("{by}在第{minute}分发出第{number}条注入：{text}")
OBSERVED = _("{by}在第{minute}分看到第{number}条注入的反应：{outcome}")
STARTED = _("{by}开始计时：{target}")
STOPPED = _("{by}停止计时：{target}，用时 {used}")
CORRECTED = _("{by}更正第{number}条注入：发出 {released}，反应 {observed}，{outcome}")
RETIMED = _("{by}更正指标“{target}”的用时：{old} → {new}")
REMARKED = _("{by}评价指标“{target}”")
SLACK = timedelta(minutes=1)  # clocks of people who type a time


def start(drill: Drill, *, by: Person, note: str = "", at: datetime | None = None) -> Drill:
    now = at or timezone.now()
    day: dict[str, Any] = {"happened_on": timezone.localdate(now), "happened_precision": "day"}
    return steps.advance(drill, "start", by=by, note=note, begun_at=now, **day)


def finish(drill: Drill, *, by: Person, note: str = "", at: datetime | None = None) -> Drill:
    """Stop the clock. Targets still running were not reached: they stay unmeasured."""
    now = at or timezone.now()
    begun = drill.begun_at or now
    data = {"duration": rules.clock(int((now - begun).total_seconds()))}
    return steps.advance(drill, "finish", by=by, note=note, data=data, ended_at=now)


def release(drill: Drill, *, by: Person, number: int, at: datetime | None = None) -> bool:
    """Send an inject now; targets that start with it start. False if it was sent before. Raises OutOfStep, PermissionDenied."""
    with _running(drill, by, at) as now:
        inject = _inject(drill, number)
        sent = drill.injects.filter(number=number, released_at=None).update(released_at=now, released_by=by)
        if sent:
            drill.targets.filter(starts=number, started_at=None).update(started_at=now)
            data = {"minute": _minute(drill, now), "number": number, "text": inject.text}
            steps.note(drill, "release", by=by, said=RELEASED, data=data)
    return bool(sent)


def observe(
    drill: Drill, *, by: Person, number: int, outcome: str = Inject.Outcome.EXPECTED, at: datetime | None = None
) -> bool:
    """The reaction was seen now; targets that end with it stop. False if it was seen before, or the inject is not sent yet."""
    if outcome not in (Inject.Outcome.EXPECTED, Inject.Outcome.DIFFERED):
        raise ValidationError(__("请选择“按预期反应”或“未按预期”。"))
    with _running(drill, by, at) as now:
        _inject(drill, number)
        unseen = drill.injects.filter(number=number, observed_at=None, released_at__isnull=False)
        seen = unseen.update(observed_at=now, observed_by=by, outcome=outcome)
        if seen:
            running = drill.targets.filter(ends=number, started_at__isnull=False, stopped_at=None)
            running.update(stopped_at=now)
            words = source_text(Inject.Outcome(outcome).label)
            data = {"minute": _minute(drill, now), "number": number, "outcome": words}
            steps.note(drill, "observe", by=by, said=OBSERVED, data=data)
    return bool(seen)


def start_target(drill: Drill, *, by: Person, number: int, at: datetime | None = None) -> bool:
    """Start the clock of a target by hand."""
    with _running(drill, by, at) as now:
        target = _target(drill, number)
        begun = drill.targets.filter(number=number, started_at=None).update(started_at=now)
        if begun:
            steps.note(drill, "time", by=by, said=STARTED, data={"target": target.name})
    return bool(begun)


def stop_target(drill: Drill, *, by: Person, number: int, at: datetime | None = None) -> bool:
    with _running(drill, by, at) as now:
        target = _target(drill, number)
        running = drill.targets.filter(number=number, started_at__isnull=False, stopped_at=None)
        ended = running.update(stopped_at=now)
        if ended:
            target.refresh_from_db()
            steps.note(drill, "time", by=by, said=STOPPED, data={"target": target.name, "used": _clock(target)})
    return bool(ended)


@transaction.atomic
def correct_inject(
    drill: Drill, *, by: Person, number: int, released_at: datetime | None, observed_at: datetime | None,
    outcome: str = "", seen: str = "", note: str = "",
) -> None:  # fmt: skip
    """Put right when an inject was sent and its reaction seen, and write down what was seen. A time is changed with a reason.

    Targets that took their time from it follow.
    """
    _hold(drill, by, TIMED)
    inject = _inject(drill, number)
    times = {"released_at": released_at, "observed_at": observed_at}
    moved = {name: time for name, time in times.items() if time != getattr(inject, name)}
    _possible(drill, released_at, observed_at)
    if (outcome == "") != (observed_at is None):
        raise ValidationError({"outcome": __("有反应时间的，请选择观察结果；没有的，请留空。")})
    written = {"outcome": outcome, "seen": seen.strip()}
    changes = moved | {name: value for name, value in written.items() if value != getattr(inject, name)}
    if not changes:
        return
    if moved and not note.strip():
        raise ValidationError({"note": __("更正时间请写明原因。")})
    data = {
        "number": number, "outcome": source_text(Inject.Outcome(outcome).label),
        "released": _moved(inject.released_at, released_at), "observed": _moved(inject.observed_at, observed_at),
    }  # fmt: skip
    _follow(drill, inject, released_at, observed_at)
    drill.injects.filter(number=number).update(**changes)
    steps.note(drill, "correct", by=by, said=CORRECTED, text=note, data=data)


@transaction.atomic
def correct_target(
    drill: Drill,
    *,
    by: Person,
    number: int,
    used: int | None,
    score: int | None = None,
    remark: str = "",
    note: str = "",
) -> None:
    """Put in the time used, in seconds, with a reason: measured by hand, or stated at the table. Score and remark need none."""
    _hold(drill, by, TIMED)
    target = _target(drill, number)
    changes: dict[str, Any] = {}
    if used != target.used:
        if not note.strip():
            raise ValidationError({"note": __("更正用时请写明原因，例如“桌面推演，按口述用时”。")})
        changes["stated"] = used
        if used is None:
            changes |= {"started_at": None, "stopped_at": None}
    changes |= {
        name: value
        for name, value in {"score": score, "remark": remark.strip()}.items()
        if value != getattr(target, name)
    }
    if not changes:
        return
    was = _clock(target)
    drill.targets.filter(number=number).update(**changes)
    target.refresh_from_db()
    data = {"target": target.name, "old": was, "new": _clock(target)}
    steps.note(drill, "correct", by=by, said=RETIMED if "stated" in changes else REMARKED, text=note, data=data)


@contextmanager
def _running(drill: Drill, by: Person, at: datetime | None) -> Iterator[datetime]:
    """The time now, while the drill runs and its row is held."""
    with transaction.atomic():
        _hold(drill, by, [DrillState.RUNNING])
        yield at or timezone.now()


def _hold(drill: Drill, by: Person, states: Any) -> None:
    access.require(by, RUN, drill)
    held = Drill.objects.select_for_update().get(pk=drill.pk)
    if held.state not in states:
        raise steps.OutOfStep
    drill.version, drill.state, drill.begun_at, drill.ended_at = held.version, held.state, held.begun_at, held.ended_at


def _inject(drill: Drill, number: int) -> Inject:
    found = Inject.objects.filter(drill=drill, number=number).first()
    if found is None:
        raise ValidationError(__("脚本里没有第 %(n)s 条注入。") % {"n": number})
    return found


def _target(drill: Drill, number: int) -> Target:
    found = Target.objects.filter(drill=drill, number=number).first()
    if found is None:
        raise ValidationError(__("没有第 %(n)s 项指标。") % {"n": number})
    return found


def _minute(drill: Drill, now: datetime) -> int:
    return int((now - (drill.begun_at or now)).total_seconds()) // 60


def _possible(drill: Drill, released_at: datetime | None, observed_at: datetime | None) -> None:
    """Within the drill, the reaction not before the inject."""
    first, last = (drill.begun_at or timezone.now()) - SLACK, (drill.ended_at or timezone.now()) + SLACK
    for name, time in {"released_at": released_at, "observed_at": observed_at}.items():
        if time and not first <= time <= last:
            raise ValidationError({name: __("这个时间不在演练过程之内。")})
    if observed_at and (released_at is None or observed_at < released_at):
        raise ValidationError({"observed_at": __("反应时间不能早于发出时间。")})


def _clock(target: Target) -> str:
    """The time used as the ledger keeps it, the same in every language."""
    return "—" if target.used is None else rules.clock(target.used)


def _moved(before: datetime | None, after: datetime | None) -> str:
    """10:02:00, or 10:02:00 → 10:03:00."""
    was, now = (timezone.localtime(one).strftime("%H:%M:%S") if one else "—" for one in (before, after))
    return now if was == now else f"{was} → {now}"


def _follow(drill: Drill, inject: Inject, released_at: datetime | None, observed_at: datetime | None) -> None:
    """Targets that took their time from this inject take the new one. What would end before it begins was not measured."""
    for target in drill.targets.filter(Q(starts=inject.number) | Q(ends=inject.number)):
        started, stopped = target.started_at, target.stopped_at
        if target.starts == inject.number and started == inject.released_at:
            started = released_at
        if target.ends == inject.number and stopped == inject.observed_at:
            stopped = observed_at
        if started is None or (stopped and stopped < started):
            stopped = None
        drill.targets.filter(pk=target.pk).update(started_at=started, stopped_at=stopped)
