"""The file of keys: several data keys by id, of which one is current, and the root of the blind-index keys.

    {"current": "3f9a01c2", "data": {"3f9a01c2": "<base64url, 32 bytes>"}, "index": "<base64url, 32 bytes>"}

It lies outside the database and its backups. Old data keys stay in it until `rekey` has left them unused.
"""

import fcntl
import json
import os
import secrets
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32  # AES-256 and HMAC-SHA-256
OWNER_ONLY = 0o400


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    current: str
    data: dict[str, bytes]
    index: bytes


def load() -> Keys:
    """The keys, read again when the file has changed. Raises ImproperlyConfigured saying what to run."""
    path = _path()
    try:
        state = path.stat()
        return _read(path, state.st_mtime_ns, state.st_size, state.st_ino)
    except FileNotFoundError:
        message = (
            f"There is no key file at {path}. For a new installation run `tongzhou keys init`. If there was one, put "
            "it back from where it is kept: without it sealed personal data cannot be read."
        )
    except OSError as fault:
        message = f"The key file {path} cannot be read ({fault.strerror}). Give it to the user that runs Tongzhou."
    except (ValueError, KeyError, TypeError, AttributeError):
        message = (
            f"The key file {path} is damaged. Put it back from where a copy is kept; do not run `tongzhou keys init`."
        )
    raise ImproperlyConfigured(message)


def new_keys() -> bool:
    """Make the key file if there is none. Never overwrites; False when there was one already."""
    path, key_id = _path(), _new_id()
    with _alone(path):
        if path.exists():
            return False
        _write(path, Keys(key_id, {key_id: _new_key()}, _new_key()))
    return True


def add_key() -> str:
    """Add a data key and make it the current one; returns its id. Everything sealed from now on uses it."""
    path, key_id = _path(), _new_id()
    with _alone(path):
        keys = load()
        _write(path, Keys(key_id, {**keys.data, key_id: _new_key()}, keys.index))
    return key_id


@checks.register(checks.Tags.security, deploy=True)
def readable_by_others(app_configs: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    path = _path()
    if not path.exists() or not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    return [checks.Warning(f"Other users can read the key file {path}.", f"chmod 400 {path}", id="kernel.W001")]


@checks.register(checks.Tags.security, deploy=True)
def not_there(app_configs: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    if _path().exists():
        return []
    return [checks.Warning(f"There is no key file {_path()}.", "tongzhou keys init", id="kernel.W002")]


def _path() -> Path:
    return Path(settings.TONGZHOU_KEYS)


@lru_cache(maxsize=4)
def _read(path: Path, _mtime: int, _size: int, _inode: int) -> Keys:
    content = json.loads(path.read_text())
    keys = Keys(
        content["current"],
        {key_id: urlsafe_b64decode(key) for key_id, key in content["data"].items()},
        urlsafe_b64decode(content["index"]),
    )
    if keys.current not in keys.data or any(len(key) != KEY_BYTES for key in (keys.index, *keys.data.values())):
        raise ValueError(path)
    return keys


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One writer at a time, and its rename on disk before it is believed: a lost key is lost data."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(path: Path, keys: Keys) -> None:
    """A complete file first, then in one step to its place: a reader sees the old or the new one, whole."""
    content = {
        "current": keys.current,
        "data": {key_id: urlsafe_b64encode(key).decode() for key_id, key in keys.data.items()},
        "index": urlsafe_b64encode(keys.index).decode(),
    }
    waiting = path.with_name(f".{path.name}.{_new_id()}")
    with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(path)


def _new_id() -> str:
    return secrets.token_hex(4)  # lower case: SQLite compares prefixes without regard to case


def _new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)
