"""A spreadsheet that was sent in may name people in plain text: it stays no longer than it takes to confirm it."""

from datetime import timedelta

from django.utils import timezone

from tests.world import World
from tongzhou.kernel.models import Upload
from tongzhou.kernel.reaper import UNDECIDED, reap


def test_files_that_nobody_confirmed_are_removed_and_what_was_committed_stays_known(cast: World) -> None:
    now = timezone.now()
    for name, age, done in [
        ("new", UNDECIDED / 2, None),
        ("old", UNDECIDED * 2, None),
        ("committed", UNDECIDED * 2, now),
    ]:
        made = Upload.objects.create(
            place="people", digest=name, name=name, content=b"x", by=cast.people.wang, committed_at=done
        )
        Upload.objects.filter(pk=made.pk).update(at=now - age - timedelta(minutes=1))
    reap()
    assert set(Upload.objects.values_list("name", flat=True)) == {"new", "committed"}
