from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models.base import Kept
from tongzhou.kernel.seal import SealedField


class Notice(models.Model):
    """One line in a person's inbox. Written in the transaction that caused it."""

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey("kernel.Person", models.CASCADE, related_name="notices")
    response = models.ForeignKey("kernel.Response", models.CASCADE, null=True, related_name="+")
    text = models.CharField(max_length=500)
    url = models.CharField(max_length=300, blank=True, default="")
    table = models.CharField(max_length=60, default="")
    record = models.UUIDField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "key"]
        indexes = [models.Index(fields=["person", "read_at", "-at"], name="notice_inbox")]

    def __str__(self) -> str:
        return self.text


class Channel(Kept):
    """A group robot that a unit's notices also go to."""

    class Kind(models.TextChoices):
        WECOM = "wecom", _("企业微信")
        DINGTALK = "dingtalk", _("钉钉")
        FEISHU = "feishu", _("飞书")

    unit = models.ForeignKey("kernel.Unit", models.PROTECT, related_name="channels", verbose_name=_("单位"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("群名"), max_length=60)
    url = SealedField(_("机器人地址"), mask="text", purpose=_("向工作群发送通知"))
    secret = SealedField(_("签名密钥"), mask="text", purpose=_("向工作群发送通知"), blank=True, default="")
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ["unit__path", "name"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class Dispatch(models.Model):
    """One message to be sent outside: an e-mail or a group message. The row is the queue, so a killed worker loses nothing.

    `key` travels with the message; a receiver that remembers keys can tell a repeat.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待发")
        SENT = "sent", _("已发")
        FAILED = "failed", _("未能送出")

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="dispatches")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="+")
    text = models.CharField(max_length=500)
    url = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["due_at", "key"]
        indexes = [models.Index(fields=["state", "due_at"], name="dispatch_queue")]

    def __str__(self) -> str:
        return f"{self.state} {self.text}"
