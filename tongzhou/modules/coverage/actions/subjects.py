"""One person: put on a list by hand, corrected by who may."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __

from tongzhou.kernel import seal, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.coverage import queries, rules
from tongzhou.modules.coverage.actions import rolls
from tongzhou.modules.coverage.models import Roll, Subject

KNOWN_BY = ("name", "document", "number", "phone")


def file(subject: Subject, *, by: Person, roll: Roll | None = None) -> tuple[Subject, bool]:
    """Onto the list; whom another list knows already is given back instead. Without a list only for who is registered otherwise."""
    subject.identity = rules.identity(*(str(getattr(subject, name)) for name in KNOWN_BY))
    if roll is None:
        return steps.file(subject, by=by)
    line = rolls.Named(
        name=str(subject.name), unit=subject.unit, document=subject.document, number=str(subject.number), phone=str(subject.phone),
        address=str(subject.address), key=subject.pk,
    )  # fmt: skip
    index = seal.index(line.identity, "coverage")
    rolls.add(roll, [line], by=by)
    there = Subject.objects.filter(pk=subject.pk).first() or queries.known(subject.response, [index])[index]
    return there, there.pk == subject.pk


def amend(
    subject: Subject, *, by: Person, version: int, changes: Mapping[str, Any], roll: Roll | None = None
) -> Subject:
    """The blind index follows what it is made of. Raises ValidationError when that is somebody else."""
    now = {name: changes.get(name, getattr(subject, name)) for name in KNOWN_BY}
    plain = {name: seal.open(subject, name) if isinstance(value, seal.Sealed) else value for name, value in now.items()}
    identity = rules.identity(*(str(plain[name]) for name in KNOWN_BY))
    more = {"identity": identity} if identity != seal.open(subject, "identity") else {}
    other = queries.known(subject.response, [seal.index(identity, "coverage")]) if more and identity else {}
    if other:
        raise ValidationError({"number": __("这个证件号码已登记在另一个人名下，请核对。")})
    return steps.amend(subject, by=by, version=version, **{**changes, **more})
