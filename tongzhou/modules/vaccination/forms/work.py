"""A session: planned, opened, counted, held against the age groups."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.desk.forms import MoveForm
from tongzhou.modules.vaccination import rules
from tongzhou.modules.vaccination.actions.counting import MOST, Tap
from tongzhou.modules.vaccination.forms.places import AtStation, groups
from tongzhou.modules.vaccination.forms.stock import whole
from tongzhou.modules.vaccination.models import Batch, Session, Tally
from tongzhou.modules.vaccination.models.work import Deferral, Severity
from tongzhou.modules.vaccination.workflow import BatchState

PLAIN = ("arrived", "passed", "consented", "observed", "left_early")


class SessionForm(AtStation):
    class Meta:
        model = Session
        fields = ("unit", "station", "desks", "staff")


class Opening(MoveForm):
    desks = whole(_("今天开放接种台"))
    staff = whole(_("今天在岗人员"), 0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session: Any = self.record
        self.fields["desks"].initial = min(session.desks, session.station.desks)
        self.fields["desks"].help_text = __("接种点现有 %(n)d 个。") % {"n": session.station.desks}
        self.fields["staff"].initial = session.staff or session.station.staff


class Closing(MoveForm):
    """Doses by age group and dose number, as the daily return asks them. `shares` maps (group, dose) to the number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = rulebook.in_force("vaccination", "age_groups", self.record.happened_on)
        named, doses = groups(rule), rule["doses"]
        known = {(one.age_group, one.dose): one.number for one in self.record.shares.all()}
        self.cells = {f"share_{i}_{dose}": (code, dose) for i, (code, _name) in enumerate(named) for dose in doses}
        for name, (code, dose) in self.cells.items():
            label = __("%(group)s 第%(dose)d剂") % {"group": dict(named)[code], "dose": dose}
            self.fields[name] = whole(label, 0, required=False, initial=known.get((code, dose)))
        self.order_fields([*self.cells, "note"])
        first = self.fields[next(iter(self.cells))]
        first.help_text = __("按年龄组和剂次填写，合计须等于接种 %(n)d 剂；没有的留空。") % {"n": self.record.doses}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        shares = {cell: data.pop(name, None) or 0 for name, cell in self.cells.items()}
        return data | {"shares": shares}


class Following(MoveForm):
    cases = whole(_("已随访、有结论的例数（累计）"), 0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session: Any = self.record
        self.fields["cases"].initial = session.adverse
        self.fields["cases"].help_text = __("本场共 %(n)d 例；个案在国家和省级系统中报告，这里只记数。") % {
            "n": session.adverse
        }


class TapForm(forms.Form):
    """One tap. `what` is the kind with its detail or batch: "arrived", "deferred:fever", "dose:<key of the batch>"."""

    key = forms.UUIDField()
    what = forms.CharField(max_length=60)
    number = forms.IntegerField(min_value=-MOST, max_value=MOST)
    slot = forms.IntegerField(required=False, min_value=0, max_value=24 * 60 - 1)
    reason = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session

    def clean_slot(self) -> int | None:
        slot = self.cleaned_data.get("slot")
        return None if slot is None else slot // rules.SLOT * rules.SLOT

    def tap(self) -> Tap:
        """Raises ValidationError for a batch that is not here."""
        data = self.cleaned_data
        kind, _colon, detail = data["what"].partition(":")
        batch = _batch(self.session, detail) if kind == "dose" else None
        return Tap(kind, data["number"], "" if batch else detail, data["slot"], batch, data["key"])


class TypedForm(forms.Form):
    """Numbers typed for one half hour, or for the whole day. All go in together, or none."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    slot = forms.TypedChoiceField(label=_("时段"), coerce=int, empty_value=None, required=False)
    reason = forms.CharField(label=_("原因（减少数字时必填）"), required=False, max_length=200)

    def __init__(self, *args: Any, session: Session, slot: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        day = rules.slots(session.station.opens, session.station.closes)
        offered = sorted({*day, *([slot] if slot is not None else [])})
        self.fields["slot"].choices = [("", __("全天（不按半小时）")), *((one, rules.clock(one)) for one in offered)]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["slot"].initial, self.fields["key"].initial = slot, uuid4()
        self.asked = dict(self._asked())
        for name, (kind, detail, batch) in self.asked.items():
            self.fields[name] = forms.IntegerField(
                label=str(batch) if batch else called(kind, detail), required=False, min_value=-MOST, max_value=MOST,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip
        self.order_fields(["key", "slot", *self.asked, "reason"])

    def _asked(self) -> Iterator[tuple[str, tuple[str, str, Batch | None]]]:
        for kind in PLAIN[:2]:
            yield f"n_{kind}", (kind, "", None)
        for detail in Deferral.values:
            yield f"n_deferred_{detail}", ("deferred", detail, None)
        yield "n_consented", ("consented", "", None)
        for batch in batches(self.session):
            yield f"n_dose_{batch.pk.hex}", ("dose", "", batch)
        for kind in PLAIN[3:]:
            yield f"n_{kind}", (kind, "", None)
        for detail in Severity.values:
            yield f"n_adverse_{detail}", ("adverse", detail, None)

    def clean(self) -> dict[str, Any]:
        """A batch that is gone since the page was opened is not passed over with its number."""
        data = super().clean() or {}
        if any(name.startswith("n_dose_") and name not in self.fields and value for name, value in self.data.items()):
            raise ValidationError(__("批次有变化，请核对后重填。"))
        return data

    def taps(self) -> list[Tap]:
        """One for each number, with keys made from the form's own, so that the form sent twice counts once."""
        data = self.cleaned_data
        key: UUID = data["key"]
        return [
            Tap(kind, data[name], detail, data["slot"], batch, uuid5(key, name))
            for name, (kind, detail, batch) in self.asked.items()
            if data.get(name)
        ]


def batches(session: Session) -> list[Batch]:
    """What stands in the refrigerators of the station: usable on top, what expires first before what expires later."""
    rows = Batch.objects.filter(station=session.station_id, state__in=[BatchState.USABLE, BatchState.HELD])
    rows = rows.exclude(stock=0) | Batch.objects.filter(pk__in=session.tallies.filter(kind="dose").values("batch"))
    return sorted(
        rows.distinct(),
        key=lambda one: (
            one.state != BatchState.USABLE,
            one.expired(session.happened_on),
            one.expires_on,
            one.number,
            str(one.pk),
        ),
    )


def called(kind: str, detail: str = "") -> str:
    """What a count is called on the page."""
    said = str(Tally.Kind(kind).label)
    choices: Any = {"deferred": Deferral, "adverse": Severity}.get(kind)
    return __("%(kind)s：%(detail)s") % {"kind": said, "detail": choices(detail).label} if choices and detail else said


def _batch(session: Session, key: str) -> Batch:
    try:
        found = Batch.objects.filter(pk=UUID(key), station=session.station_id).select_related("station").first()
    except ValueError:
        found = None
    if found is None:
        raise ValidationError(__("这个批次不在本接种点。"))
    return found
