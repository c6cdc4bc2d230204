"""The `tongzhou` command: Django's command line with this project's settings, and `tongzhou plan`, which needs none."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["plan"]:
        from tongzhou.planning.command import main as plan  # planning needs neither Django nor a database

        sys.exit(plan(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongzhou.web.settings")
    from django.core.management import execute_from_command_line  # settings must be named first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
