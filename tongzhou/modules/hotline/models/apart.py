"""What lies in the hotline's own database. Words are sealed in the browser before they come here; what is plain are codes and times.

People and lines are named by their keys: nothing points from one database into the other.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.modules.hotline import rules

GONE_AFTER = timedelta(seconds=75)  # a page that has not been heard of for so long is no longer open
LONGEST_SEALED = 12_000  # letters of base64: some 2,500 Chinese characters


class Keypair(models.Model):
    """Somebody's public key, and the private one wrapped with a passphrase that only they know. A later one retires it."""

    apart = "hotline"

    person = models.UUIDField()
    name = models.CharField(max_length=80)
    public = models.CharField(max_length=200)
    wrapped = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(retired_at=None), name="hotline_keypair_one")
        ]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A counsellor who is there: until they rise, or their page is no longer open."""

    apart = "hotline"

    line = models.UUIDField()
    keypair = models.ForeignKey(Keypair, models.CASCADE, related_name="seats")
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "keypair"], name="hotline_seat_once")]


class Case(models.Model):
    """One contact. `token` is a digest of what the caller's browser proves itself with."""

    apart = "hotline"

    class Mode(models.TextChoices):
        TEXT = "text", _("文字")
        VOICE = "voice", _("电话")
        FACE = "face", _("面谈")

    class State(models.TextChoices):
        WAITING = "waiting", _("排队")
        TALKING = "talking", _("交谈中")
        CLOSED = "closed", _("已结案")
        LEFT = "left", _("未接通")
        ERASED = "erased", _("已销毁")

    class Topic(models.TextChoices):
        FEAR = "fear", _("恐惧焦虑")
        MOOD = "mood", _("情绪低落")
        SLEEP = "sleep", _("睡眠")
        ISOLATION = "isolation", _("隔离封控")
        STUDY = "study", _("学业就业")
        FAMILY = "family", _("家庭婚恋")
        GRIEF = "grief", _("丧亲")
        ILLNESS = "illness", _("精神疾病")
        OTHER = "other", _("其他")

    class Who(models.TextChoices):
        STUDENT = "student", _("学生")
        PATIENT = "patient", _("患者")
        ISOLATED = "isolated", _("被隔离者")
        FAMILY = "family", _("家属")
        MEDIC = "medic", _("医务人员")
        WORKER = "worker", _("一线工作者")
        PUBLIC = "public", _("其他公众")

    class Level(models.TextChoices):
        NONE = "", _("未评估")
        LOW = rules.LOW, _("低度风险")
        MODERATE = rules.MODERATE, _("中度风险")
        HIGH = rules.HIGH, _("高度风险")

    key = models.UUIDField(primary_key=True, default=uuid4)
    line = models.UUIDField(db_index=True)
    version = models.PositiveIntegerField(default=0)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.TEXT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    token = models.CharField(max_length=64, blank=True, default="")
    came_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    counsellor = models.UUIDField(null=True)
    topic = models.CharField(max_length=10, choices=Topic.choices, blank=True, default="")
    who = models.CharField(max_length=10, choices=Who.choices, blank=True, default="")
    score = models.PositiveSmallIntegerField(null=True)
    level = models.CharField(max_length=10, choices=Level.choices, blank=True, default="")
    by_rule = models.BooleanField(default=False)
    edition = models.CharField(max_length=40, blank=True, default="")
    supervised_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["line", "state", "came_at"], name="hotline_case_queue")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("talking", "closed")) | Q(counsellor__isnull=False), name="hotline_case_taken"
            )
        ]

    def __str__(self) -> str:
        return rules.code(self.key)

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.WAITING, self.State.TALKING}

    @property
    def waited(self) -> timedelta:
        return (self.taken_at or timezone.now()) - self.came_at


class Box(models.Model):
    """A case's key sealed to one person; or a half of it, of use only together with `partner`'s half."""

    apart = "hotline"

    case = models.ForeignKey(Case, models.CASCADE, related_name="boxes")
    keypair = models.ForeignKey(Keypair, models.CASCADE, related_name="boxes")
    partner = models.ForeignKey(Keypair, models.CASCADE, null=True, related_name="+")
    sealed = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "keypair", "partner"], name="hotline_box_half"),
            models.UniqueConstraint(fields=["case", "keypair"], condition=Q(partner=None), name="hotline_box_whole"),
        ]


class Text(models.Model):
    """What was said or noted, sealed with the case's key; the key is made by whoever wrote it, so that a repeat is harmless."""

    apart = "hotline"

    class Kind(models.TextChoices):
        CALLER = "caller", _("来访者")
        COUNSELLOR = "counsellor", _("援助员")
        NOTE = "note", _("记录")
        CLOSING = "closing", _("结案记录")
        SUPERVISION = "supervision", _("督导意见")

    key = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    author = models.UUIDField(null=True)
    sealed = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "key"]


class Step(models.Model):
    """What was done about a case, as one of a few words; never changed."""

    apart = "hotline"

    class What(models.TextChoices):
        SAFETY = "safety", _("商定安全约定")
        COMPANY = "company", _("请人陪伴在场")
        KIN = "kin", _("联系家属或监护人")
        POLICE = "police", _("请求公安协助（110）")
        AMBULANCE = "ambulance", _("呼叫急救（120）")
        HOSPITAL = "hospital", _("转介精神卫生机构")
        SCHOOL = "school", _("转介学校心理中心")
        COMMUNITY = "community", _("转介社区、民政")
        CONSULTED = "consulted", _("请督导会诊")

    REFERRALS: ClassVar[tuple[str, ...]] = ("hospital", "school", "community")

    key = models.UUIDField(primary_key=True, default=uuid4)
    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=12, choices=What.choices)
    by = models.UUIDField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "key"]


class Opening(models.Model):
    """A case read without its counsellor: one supervisor asks, another agrees; each holds a half of the key."""

    apart = "hotline"

    class Reason(models.TextChoices):
        DANGER = "danger", _("危及生命，须立即了解")
        MINOR = "minor", _("未成年人受到侵害")
        LAW = "law", _("依法调取")
        ABSENT = "absent", _("援助员不在，来访者仍需帮助")
        COMPLAINT = "complaint", _("来访者投诉或要求")

    class State(models.TextChoices):
        ASKED = "asked", _("等另一位督导同意")
        AGREED = "agreed", _("两人同意，可以查阅")
        REFUSED = "refused", _("未同意")

    key = models.UUIDField(primary_key=True, default=uuid4)
    case = models.ForeignKey(Case, models.CASCADE, related_name="openings")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asker = models.UUIDField()
    asker_name = models.CharField(max_length=80)
    other = models.UUIDField(null=True)
    other_name = models.CharField(max_length=80, blank=True, default="")
    sealed = models.CharField(max_length=400, blank=True, default="")  # the other's half, sealed to the asker
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(asker=models.F("other")), name="hotline_opening_two_people"),
            models.CheckConstraint(
                condition=~Q(state="agreed") | (Q(other__isnull=False) & ~Q(sealed="")), name="hotline_opening_agreed"
            ),
        ]

    def holds(self, now: datetime, hours: int) -> bool:
        return bool(
            self.state == self.State.AGREED and self.answered_at and now < self.answered_at + timedelta(hours=hours)
        )
