"""A proposal: asked for on a page, worked out in the background, adopted or let go.

The Proposal row is the job. A task claims it by a guarded update and beats while it works; killed, the next run finds the beat old and
takes the job over from the start, which with the same seed comes to the same. Finished, it is not begun again.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.tasks import TaskContext, task
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.rosters.actions import duties
from tongzhou.modules.rosters.models import Duty, Proposal, Roster, Shift
from tongzhou.modules.rosters.queries import case_of
from tongzhou.modules.rosters.workflow import PLAN, RosterState, ShiftState
from tongzhou.planning.rosters import Span, all_breaches

ALIVE = timedelta(seconds=30)  # a worker that has not beaten for so long is dead
SEED = 1
LONGEST = 55  # seconds of search; with reading and writing a proposal is there within a minute
State = Proposal.State


@transaction.atomic
def propose(roster: Roster, *, by: Person, key: UUID, seconds: int = LONGEST) -> Proposal:
    """Ask for a proposal. While one is under way it is that one; a finished one that nobody adopted gives way."""
    access.require(by, PLAN, roster)
    duties.hold(roster)
    if not Roster.objects.filter(pk=roster.pk, state=RosterState.PROPOSED).exists():
        raise ValidationError(__("这份排班不在编排中。"))
    under_way = roster.proposals.filter(state__in=[State.WAITING, State.RUNNING]).first()
    if known := under_way or Proposal.objects.filter(pk=key, roster=roster).first():
        return known
    roster.proposals.filter(state=State.DONE).update(state=State.DROPPED)
    made = Proposal.objects.create(pk=key, roster=roster, by=by, limit=min(seconds, LONGEST))
    transaction.on_commit(lambda: run.enqueue(str(key)))
    return made


@task(takes_context=True)
def run(context: TaskContext[Any, Any], key: str) -> str:
    """Run again, the worker that had it is dead: the house knows that before the beat is old."""
    return work(key, again=context.attempt > 1)


def work(key: str, *, again: bool = False) -> str:
    """Work the proposal out; returns the state it came to, or "" when it is another's or no longer wanted."""
    now = timezone.now()
    dead = Q(state=State.RUNNING) if again else Q(state=State.RUNNING, beat_at__lt=now - ALIVE)
    free = Q(state=State.WAITING) | dead
    if not Proposal.objects.filter(free, pk=key).update(
        state=State.RUNNING, beat_at=now, value=None, bound=0, seconds=0
    ):
        return ""
    proposal = Proposal.objects.select_related("roster__unit", "roster__response", "by").get(pk=key)
    try:
        found = _plan(proposal)
    except Exception:
        _end(proposal, State.FAILED)
        raise
    return _end(proposal, State.DONE, **found)


def stop(proposal: Proposal, *, by: Person) -> None:
    """Be content with what has been found so far."""
    access.require(by, PLAN, proposal.roster)
    Proposal.objects.filter(pk=proposal.pk, state__in=[State.WAITING, State.RUNNING]).update(stop=True)


@transaction.atomic
def adopt(proposal: Proposal, *, by: Person) -> Roster:
    """Put everyone where the proposal says. Refused when shifts or duties are no longer as it found them."""
    roster = proposal.roster
    duties.hold(roster)
    if not Proposal.objects.filter(pk=proposal.pk, state=State.DONE).update(state=State.ADOPTED):
        raise ValidationError(__("这个方案已采用或已放弃。"))
    if proposal.result["version"] != _version(roster):
        raise ValidationError(__("计算之后排班有了改动，请重新编排。"))
    shifts = {str(one.pk): one for one in roster.shifts.select_related("post", "unit", "roster", "response")}
    people = {
        str(one.pk): one for one in Person.objects.filter(pk__in={who for _shift, who in proposal.result["pairs"]})
    }
    pairs = [(shifts[shift], people[person]) for shift, person in proposal.result["pairs"]]
    _keep_rules(roster, pairs)
    data = {"duties": len(pairs), "short": sum(one["number"] for one in proposal.result["unmet"])}
    steps.advance(roster, "adopt", by=by, data=data)
    duties.put_many(roster, pairs, by=by)
    return roster


def drop(proposal: Proposal, *, by: Person) -> None:
    access.require(by, PLAN, proposal.roster)
    Proposal.objects.filter(pk=proposal.pk, state__in=[State.DONE, State.FAILED]).update(state=State.DROPPED)


def _plan(proposal: Proposal) -> dict[str, Any]:
    # OR-Tools and SciPy are loaded only here: no page needs them
    from tongzhou.planning.rosters.solving import Progress, propose

    version, case = _version(proposal.roster), case_of(proposal.roster)
    mine = Proposal.objects.filter(pk=proposal.pk, state=State.RUNNING)

    def watch(progress: Progress) -> bool:
        how_far = {"seconds": progress.seconds, "value": progress.value, "bound": max(0, round(progress.bound))}
        mine.update(beat_at=timezone.now(), **how_far)
        return mine.filter(stop=False).exists()

    plan = propose(case, seconds=proposal.limit, seed=SEED, watch=watch)
    points = plan.score
    result = {
        "version": version, "pairs": [list(pair) for pair in plan.pairs], "status": plan.status, "reason": plan.reason, "seed": plan.seed,
        "unmet": [{"shift": one.shift, "skill": one.skill, "number": one.number, "why": [list(w) for w in one.why], "free": one.free} for one in plan.unmet],
        "gap": plan.gap, "people": len(case.people), "short": points.short, "unfair": points.unfair, "regret": points.regret,
        "wishes": list(points.wishes), **{name: _spread(getattr(points, name)) for name in ("hours", "nights", "weekends")},
    }  # fmt: skip
    return {"result": result, "value": plan.value, "bound": round(plan.bound), "seconds": plan.seconds}


def _end(proposal: Proposal, state: str, **found: Any) -> str:
    """Only if it is still wanted; whoever asked is told."""
    with transaction.atomic():
        if not Proposal.objects.filter(pk=proposal.pk, state=State.RUNNING).update(state=state, **found):
            return ""
        said = _("“{roster}”的编排方案已算好，请查看。") if state == State.DONE else _("“{roster}”没有算成，请重试。")
        roster = proposal.roster
        url = reverse("rosters.proposal", args=[roster.response.slug, roster.pk])
        notices.tell(
            [proposal.by], format_lazy(said, roster=roster.name), response=roster.response, record=roster, url=url,
            once=f"proposal/{proposal.pk}/{state}",
        )  # fmt: skip
    return state


def _version(roster: Roster) -> dict[str, int]:
    """What a proposal rests on: the roster's open shifts, and everything that was done with its duties."""
    duties = Duty.objects.filter(roster=roster).aggregate(n=Count("pk"), moves=Sum("version"))
    shifts = Shift.objects.filter(roster=roster, state=ShiftState.PLANNED).count()
    return {"shifts": shifts, "duties": duties["n"], "moves": duties["moves"] or 0}


def _keep_rules(roster: Roster, pairs: Sequence[tuple[Shift, Person]]) -> None:
    """Wishes and other rosters may have changed since: nobody is put where a rule now forbids it."""
    case = case_of(roster)
    known = {one.key: one for one in case.people}
    spans: dict[str, list[Span]] = defaultdict(list)
    for shift, person in pairs:
        spans[str(person.pk)].append(shift.span)
    for key, new in spans.items():
        one = known.get(key)
        if one is None or all_breaches(case.rules, one, [*one.busy, *new], fresh=len(new)):
            raise ValidationError(__("计算之后人员的情况有了改动，请重新编排。"))


def _spread(spread: Any) -> list[float]:
    return [round(value, 2) for value in (spread.least, spread.mean, spread.most, spread.deviation)]
