"""What killed processes left behind. Run every few seconds by `serve`, or by `tongzhou reap`.

A task whose worker died stays RUNNING for ever in the task table. Every task of ours may be run twice, so it is set
back to READY; one that took several workers with it is given up. Messages that wait for their turn or their next try
are picked up here too.
"""

from datetime import timedelta
from typing import Any

from django.tasks import Task, TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tongzhou.kernel import alarms, notices
from tongzhou.kernel.models import Dispatch, Upload

LONGEST_RUN = timedelta(minutes=15)  # no task of ours takes so long
MOST_RUNS = 3
KEPT = timedelta(days=7)
UNDECIDED = timedelta(days=1)  # a file sent in and never confirmed: it may name people, and nothing in it is sealed


def reap(*, dead: str = "") -> dict[str, int]:
    """Set back what died: tasks of the worker `dead`, and any that run too long. Returns what was found, by name."""
    now = timezone.now()
    revived = given_up = 0
    for row in DBTaskResult.objects.running():
        if row.started_at < now - LONGEST_RUN or (dead and row.worker_ids[-1:] == [dead]):
            if len(row.worker_ids) < MOST_RUNS:
                revived += _leave_running(row, status=TaskResultStatus.READY)
            else:
                given_up += _leave_running(
                    row, status=TaskResultStatus.FAILED, finished_at=now, traceback="Its workers died."
                )
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT).delete()
    Upload.objects.filter(committed_at=None, at__lt=now - UNDECIDED).delete()
    due = notices.open_now().count()
    if due and not _under_way(notices.deliver):
        notices.deliver.enqueue()
    waiting = Dispatch.objects.filter(state=Dispatch.State.WAITING).count()
    failed = Dispatch.objects.filter(state=Dispatch.State.FAILED).count()
    return {"revived": revived, "given_up": given_up, "due": due, "waiting": waiting, "failed": failed}


def _leave_running(row: "DBTaskResult[Any, Any]", **values: object) -> int:
    """Only if it still runs as it did when looked at: the worker may have finished, or another run begun, meanwhile."""
    still = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
    return int(still.update(**values))


def sound_alarms() -> None:
    """Have the alarms looked at, unless that is already under way."""
    if not _under_way(alarms.look):
        alarms.look.enqueue()


def _under_way(task: Task[..., Any]) -> bool:
    states = [TaskResultStatus.READY, TaskResultStatus.RUNNING]
    return bool(DBTaskResult.objects.filter(task_path=task.module_path, status__in=states).exists())
