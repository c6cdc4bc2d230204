"""The one settings file. What differs between places is read from the environment; `docs/operations.md` lists it.

TONGZHOU_MODE      "demo" (default: plain HTTP on this machine) or "production" (HTTPS, hosts named, secrets given)
TONGZHOU_DATA      folder of the database file, keys, collected static files; default ./var
TONGZHOU_KEYS      file of the sealing keys; default <data>/keys.json; keep it off the database's disk in production
DATABASE_URL       postgresql://user:password@host:port/name ; default SQLite in the data folder
HOTLINE_DATABASE_URL  the database of the hotline; default: beside the main one (hotline.sqlite3, or <name>_hotline on the same server)
TONGZHOU_SECRET    signing secret; made and kept in the data folder in demo mode
TONGZHOU_HOSTS     host names served, comma separated        TONGZHOU_EMAIL   smtp://user:password@host:port
TONGZHOU_URL       the address people use, for links in notices
TONGZHOU_PROXIES   reverse proxies in front; default 1 in production, 0 in demo mode
TONGZHOU_FROM      sender of e-mail                 TONGZHOU_ROBOT_HOSTS   hosts of group robots beside the vendors' own
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

BASE = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TONGZHOU_DATA") or BASE / "var").absolute()
PRODUCTION = os.environ.get("TONGZHOU_MODE", "demo") == "production"
DATA.mkdir(parents=True, exist_ok=True)
if not os.access(BASE / "tongzhou" / "planning", os.W_OK):  # what numba compiles is kept beside its source, or here
    os.environ.setdefault("NUMBA_CACHE_DIR", str(DATA / "compiled"))


def _secret() -> str:
    if given := os.environ.get("TONGZHOU_SECRET"):
        return given
    if PRODUCTION:
        raise ImproperlyConfigured("Set TONGZHOU_SECRET to a long random text.")
    file = DATA / "secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(64))
    return file.read_text()


def _database(url: str, file: str) -> dict[str, Any]:
    if not url or url.startswith("sqlite:"):
        name = unquote(url.removeprefix("sqlite:").removeprefix("//")) or str(DATA / file)
        # FULL: with WAL, NORMAL may lose the last commits when the power goes.
        # IMMEDIATE: a write lock is waited for, not failed on.
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"
        pragmas += "PRAGMA temp_store=MEMORY;"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
    parts = urlparse(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql:// or sqlite://")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": parts.port or "",
        # a new connection for each request costs 3 to 6 times as much
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
    }


def _apart() -> dict[str, Any]:
    """The database of the hotline. What is deleted there is overwritten: a key that was destroyed must not be found in a free page."""
    main, given = DATABASES["default"], os.environ.get("HOTLINE_DATABASE_URL", "")
    file = Path(main["NAME"])
    beside = file.with_name("hotline.sqlite3" if file.parent == DATA else f"{file.stem}-hotline{file.suffix}")
    name = str(beside) if "sqlite" in main["ENGINE"] else f"{main['NAME']}_hotline"
    found = _database(given, "hotline.sqlite3") if given else main | {"NAME": name}
    if "sqlite" in found["ENGINE"]:
        options = found["OPTIONS"]
        found = found | {"OPTIONS": options | {"init_command": f"{options['init_command']} PRAGMA secure_delete=ON;"}}
    return found


SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = [h for h in os.environ.get("TONGZHOU_HOSTS", "").split(",") if h] or ["127.0.0.1", "localhost", "[::1]"]
PUBLIC_URL = os.environ.get("TONGZHOU_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PRODUCTION else []
TONGZHOU_KEYS = Path(os.environ.get("TONGZHOU_KEYS") or DATA / "keys.json")

# a room is there when its folder is
ROOMS = sorted(file.parent.name for file in (BASE / "tongzhou" / "modules").glob("*/apps.py"))
INSTALLED_APPS = [
    "tongzhou.web",
    *[f"tongzhou.modules.{room}" for room in ROOMS],
    "tongzhou.kernel",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tongzhou.web.middleware.whole_page",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tongzhou.web.middleware.second_factor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "tongzhou.web.urls"
WSGI_APPLICATION = "tongzhou.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tongzhou.web.context.house",
            ],
            "builtins": [
                "tongzhou.kernel.templatetags.tongzhou",
                "tongzhou.kernel.templatetags.desk",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""), "tongzhou.sqlite3")}
DATABASES["hotline"] = _apart()
DATABASE_ROUTERS = ["tongzhou.kernel.apart.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# in the database, so shared by all workers: rate limits count
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# -- people
AUTH_USER_MODEL = "kernel.Person"
AUTHENTICATION_BACKENDS = ["tongzhou.web.signin.NameOrPhone"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "tongzhou.web.signin.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody is written to because a stranger typed their address
# behind a proxy every request comes from its address, and one person's mistakes would lock out all
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TONGZHOU_PROXIES") or PRODUCTION)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "同舟 Tongzhou"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# -- language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# -- files
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder", "tongzhou.web.files.NpmFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tongzhou.web.files.Storage"},
}
NPM = BASE / "node_modules"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# -- security
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "tongzhou.web.errors.csrf_failure"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True

# -- e-mail: printed where no server is named, so that a demo sends nothing
_email = urlparse(os.environ.get("TONGZHOU_EMAIL", ""))
MAILERS: dict[str, Any] = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
if _email.hostname:
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _email.hostname,
            "port": _email.port or 25,
            "use_tls": _email.port == 587,
            "timeout": 20,
            "username": unquote(_email.username or ""),
            "password": unquote(_email.password or ""),
        },
    }
DEFAULT_FROM_EMAIL = os.environ.get("TONGZHOU_FROM", "tongzhou@localhost")
TONGZHOU_ROBOT_HOSTS = [h for h in os.environ.get("TONGZHOU_ROBOT_HOSTS", "").split(",") if h]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
