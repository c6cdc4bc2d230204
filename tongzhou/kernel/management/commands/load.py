from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tongzhou.kernel import loading


class Command(BaseCommand):
    help = "Bring in a response kept as plain files, such as examples/benxi-2022. Loading the same folder again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="folder with response.toml and one file for each room"
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not (folder / "response.toml").exists():
            raise CommandError(f"{folder} holds no response.toml; try examples/benxi-2022")
        try:
            with transaction.atomic():  # all or nothing; and one wait for the disk instead of one for each row
                for line in loading.load(folder, loading.house()):
                    self.stdout.write(f"  {line}")
        except (KeyError, ValueError, ValidationError) as fault:
            raise CommandError(f"{folder}: {fault}") from fault
