"""The project's settings, made fast and kept apart: a folder of its own, cheap passwords, no collected files, nothing sent."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="tongzhou-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.mkdir(os.path.join(_folder, "static"))  # noqa: PTH102, PTH118 -- a missing folder is a warning, and so an error
os.environ |= {"TONGZHOU_DATA": _folder, "TONGZHOU_MODE": "demo"}
for _name in ("TONGZHOU_KEYS", "TONGZHOU_SECRET", "TONGZHOU_HOSTS", "TONGZHOU_EMAIL", "TONGZHOU_URL"):
    os.environ.pop(_name, None)

from tongzhou.web.settings import *  # noqa: E402, F403 -- the folder must be named first
from tongzhou.web.settings import DATABASES, INSTALLED_APPS, STORAGES  # noqa: E402 -- as above

INSTALLED_APPS = [*INSTALLED_APPS, "tests.errands"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/tests.sqlite3"}  # a file: threads wait for locks
    DATABASES["hotline"]["TEST"] = {"NAME": f"{_folder}/hotline.sqlite3"}
# its few tables straight from the models: that migrations make them is tested where a house is prepared
DATABASES["hotline"]["TEST"] = DATABASES["hotline"].get("TEST", {}) | {"MIGRATE": False}
