import hashlib
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from tongzhou.kernel.management.commands.prepare import prepare
from tongzhou.kernel.management.commands.serve import add_address, run
from tongzhou.kernel.models import Response

SLUG, SIZE = "rehearsal", {"units": 8, "members": 60, "records": 120}
REHEARSED = (
    "  疫情防控推演（模拟数据） · Response rehearsal (synthetic data)",
    "    以上账号在推演中担任同样的角色 / the accounts above have the same roles in it",
    "",
)


class Command(BaseCommand):
    help = (
        "演示：做好准备，载入 examples 中的真实响应，启动服务，并打印登录方法。数据保留，再次运行很快。 | "
        "A demonstration: prepare, load the responses of examples/, serve, and print how to sign in. Keeps its data."
    )
    requires_system_checks: Any = ()  # what they would complain of is made here

    def add_arguments(self, parser: CommandParser) -> None:
        add_address(parser)

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        for line in prepare():
            self.stdout.write(line)
        folders = sorted(file.parent for file in (settings.BASE / "examples").glob("*/response.toml"))
        for folder in folders:
            self._load(folder)
        self._rehearse(folders)
        address = f"http://{host}:{port}/"
        sys.exit(run(host, port, workers, ready=lambda: print_card(address, folders, REHEARSED)))

    def _load(self, folder: Path) -> None:
        """Loading again changes nothing but takes seconds: left out while files, rooms and database are the same."""
        slug = _example(folder)["response"]["slug"]
        stamp, now = settings.DATA / f".loaded-{folder.name}", _state(folder)
        if stamp.exists() and stamp.read_text() == now and Response.objects.filter(slug=slug).exists():
            return
        self.stdout.write(f"examples/{folder.name}")
        call_command("load", folder, stdout=self.stdout)
        stamp.write_text(now)

    def _rehearse(self, folders: list[Path]) -> None:
        """A synthetic response in which something awaits every account. Made once: its days count back from the day it is made."""
        stamp, now = (
            settings.DATA / ".loaded-rehearsal",
            " ".join([str(settings.DATABASES["default"]["NAME"]), *settings.ROOMS]),
        )
        if stamp.exists() and stamp.read_text() == now and Response.objects.filter(slug=SLUG).exists():
            return
        guests = [who["username"] for folder in folders for who in _example(folder).get("sign_in", [])]
        self.stdout.write(REHEARSED[0].strip())
        call_command("rehearse", slug=SLUG, **SIZE, guests=guests, stdout=self.stdout)
        stamp.write_text(now)


def print_card(address: str, folders: list[Path], more: Sequence[str] = ()) -> None:
    lines = ["", f"  同舟 Tongzhou  {address}", ""]
    for folder in folders:
        example = _example(folder)
        response, people = example["response"], example.get("sign_in", [])
        lines.append(f"  {response['name']} · {response.get('name_en', '')}".rstrip(" ·"))
        if folder_readme := next((name for name in ("README.md", "README.zh-CN.md") if (folder / name).exists()), ""):
            lines.append(f"  examples/{folder.name}/{folder_readme}")
        wide = max((len(person["username"]) for person in people), default=0)
        lines += [f"    {who['username']:<{wide}}  {who['password']}  {who.get('sees', '')}" for who in people]
        lines.append("")
    lines += [*more, "  Ctrl+C 停止，数据保留 / stops; the data stay", ""]
    print("\n".join(lines), flush=True)  # noqa: T201 -- printed from a thread, once the server answers


def _example(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "response.toml").read_text(encoding="utf-8"))


def _state(folder: Path) -> str:
    seen = hashlib.sha256(" ".join([str(settings.DATABASES["default"]["NAME"]), *settings.ROOMS]).encode())
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            seen.update(f"{file.relative_to(folder)}\n".encode() + file.read_bytes())
    return seen.hexdigest()
