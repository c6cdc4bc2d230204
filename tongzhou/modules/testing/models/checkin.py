"""The mass of a campaign: check-ins, and what is counted from them in the same transaction. Written by `actions.ingest` only.

Every unique key begins with the campaign, the column by which the tables can be distributed over several database machines
(docs/decisions/0017). Keys to other tables are not checked by the database: a check-in comes from a device that was just looked up.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongzhou.modules.testing.models.campaign import Campaign
from tongzhou.modules.testing.models.point import Device
from tongzhou.modules.testing.rules import Kind, Verdict

# kinds as they are stored
KINDS = {Kind.SAMPLE: 1, Kind.CORRECT: 2, Kind.CLOSE: 3, Kind.BOX: 4, Kind.COURIER: 5}
FACTS = {
    KINDS[Kind.SAMPLE]: _("采样"),
    KINDS[Kind.CORRECT]: _("更正"),
    KINDS[Kind.CLOSE]: _("封管"),
    KINDS[Kind.BOX]: _("封箱"),
    KINDS[Kind.COURIER]: _("交转运"),
}
VERDICTS = {
    Verdict.FINE: _("正常"),
    Verdict.REPEAT: _("本轮已采"),
    Verdict.OTHER_ZONE: _("应到其他采样点"),
    Verdict.EXPIRED: _("采样码过期"),
    Verdict.FULL: _("采样管已满"),
    Verdict.USED: _("采样管已用"),
    Verdict.UNKNOWN_CODE: _("采样码无法识别"),
    Verdict.CORRECTED: _("已更正"),
}


def _loose(to: type[models.Model], **kwargs: Any) -> Any:
    return models.ForeignKey(to, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", **kwargs)


class CheckIn(models.Model):
    """One thing a device says happened. `person` is a keyed index of a document; `turn` is 0, or more for a retest or after a correction.

    `of` names the device's own check-in that a correction takes back. `at` is the believed time, `skew` the seconds it was moved by,
    `mark` a keyed digest of the exact text, by which a repeat is told from a contradiction.
    """

    pk = models.CompositePrimaryKey("campaign", "device", "seq")
    campaign = _loose(Campaign)
    device = _loose(Device, to_field="number", db_column="device")
    seq = models.IntegerField()
    kind = models.SmallIntegerField()
    verdict = models.SmallIntegerField()
    turn = models.SmallIntegerField(default=0)
    person = models.UUIDField(null=True)
    tube = models.CharField(max_length=24)
    of = models.IntegerField(null=True)
    at = models.DateTimeField()
    skew = models.IntegerField(default=0)
    mark = models.UUIDField()
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("采样登记")
        constraints: ClassVar[list[Any]] = [
            # one swab of a person in a campaign; those without a person, as corrections, are many
            models.UniqueConstraint(fields=["campaign", "person", "turn"], name="testing_checkin_person"),
        ]
        indexes: ClassVar[list[Any]] = [
            # of corrections only, which are few: whether a swab was taken back is asked of each that another one contradicts
            models.Index(
                fields=["campaign", "device", "of"], condition=models.Q(of__isnull=False), name="testing_checkin_back"
            ),
        ]


class Count(models.Model):
    """How many, by device, quarter of an hour (since 1970) and verdict, or what `Counted` names: each device writes rows of its own, so none is waited for."""

    QUARTER = 900_000  # milliseconds

    pk = models.CompositePrimaryKey("campaign", "device", "quarter", "verdict")
    campaign = _loose(Campaign)
    device = _loose(Device, to_field="number", db_column="device")
    quarter = models.IntegerField()
    verdict = models.SmallIntegerField()
    n = models.IntegerField()

    class Meta:
        verbose_name = _("采样计数")

    @classmethod
    def more(cls, campaign: UUID, device: int, at: int, what: int, n: int = 1) -> None:
        """Beside the great statement; `at` in milliseconds since 1970."""
        key = {"campaign_id": campaign, "device_id": device, "quarter": at // cls.QUARTER, "verdict": what}
        _row, new = cls.objects.get_or_create(**key, defaults={"n": n})
        if not new:
            cls.objects.filter(**key).update(n=models.F("n") + n)


class Tube(models.Model):
    """A tube as one device used it. A tube of two devices has two rows: that is how it is found."""

    pk = models.CompositePrimaryKey("campaign", "code", "device")
    campaign = _loose(Campaign)
    code = models.CharField(max_length=24)
    device = _loose(Device, to_field="number", db_column="device")
    size = models.SmallIntegerField()
    people = models.IntegerField()
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)  # of its swabs; one later than `closed_at` is a tube used again
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("采样管")
