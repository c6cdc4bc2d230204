"""The register of residents: who stands behind the keyed index of a check-in. Sealed, and erased when the response is over."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.seal import SealedField


class Resident(models.Model):
    """`key` is the keyed index of the document itself: the same person is the same row, whoever registers them, and without a look-up.

    A row made by a station from a card carries no more than the card said. `zone` is the mark of the community (see `queries.mark`),
    `home` that of the building, or of the community where no building was said (`rules.place_mark`; 0: neither), and `turn` the person's
    running number there, from 0: by it the quarters of an hour fill up evenly. `code_expires_at` is None until a telephone registered them;
    with `zone` it tells which code the register goes by (`actions.residents`).
    """

    class Document(models.TextChoices):
        ID = "id", _("居民身份证、户口簿")
        PASSPORT = "passport", _("护照")
        PERMIT = "permit", _("港澳台通行证、居留证")
        NONE = "none", _("暂无证件")

    key = models.UUIDField(primary_key=True, editable=False)
    name = SealedField(_("姓名"), mask="name", purpose=_("把检测结果告知本人"))
    document = models.CharField(_("证件类别"), max_length=8, choices=Document)
    number = SealedField(_("证件号码"), mask="id", purpose=_("把检测结果告知本人"))
    zone = models.BigIntegerField(default=0, editable=False)
    home = models.BigIntegerField(default=0, editable=False)
    turn = models.PositiveIntegerField(default=0, editable=False)
    code_expires_at = models.DateTimeField(_("采样码有效期至"), null=True, editable=False)
    registered_at = models.DateTimeField(_("登记时间"), editable=False)

    class Meta:
        verbose_name = _("居民登记")
        constraints: ClassVar[list[Any]] = []
        indexes: ClassVar[list[Any]] = [models.Index(fields=["home", "turn"], name="testing_resident_turn")]

    def __str__(self) -> str:
        return str(self.name)
