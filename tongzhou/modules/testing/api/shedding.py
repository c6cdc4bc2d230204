"""What stands back when more comes in than the disk takes, first to last: the board and files made on demand, look-ups, pages, batches.

docs/operations.md says it to the house. Each web process goes by its own queue; no figure is shared between them, so none can be late.
"""

from tongzhou.modules.testing.actions.ingest.waiting import MOST_WAITING, Writer

# items waiting, beyond which the board waits until they are written, and no file is made for anybody
BOARD = MOST_WAITING // 4
# beyond which published results are not given out by this program; a web server in front goes on doing it
LOOK_UPS = MOST_WAITING // 2
LATER = 10  # seconds after which whoever stood back comes again

writer = Writer()


def pressed() -> bool:
    """Whether this process saves its strength for check-ins now (`Module.pressed`)."""
    return writer.waiting > BOARD
