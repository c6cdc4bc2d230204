"""Static files: our own, and the few named files of npm packages. No bundler, nothing copied into the repository."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

ALLOWED = {  # address under static/vendor/ → file in node_modules; nothing else of a package is served
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "echarts.js": "echarts/dist/echarts.esm.min.mjs",
    "leaflet.js": "leaflet/dist/leaflet-src.esm.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    **{f"zxing/{name}.js": f"zxing-wasm/dist/es/{name}.js" for name in ("share", "reader/index")},
    "zxing/reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    **{f"images/{name}.png": f"leaflet/dist/images/{name}.png" for name in ("layers", "layers-2x", "marker-icon")},
}
CSS_ADDRESS = r"""(?P<matched>url\((?P<quote>['"]?)(?!data:)(?P<url>[^'")]*?)(?P=quote)\))"""


class NpmFinder(BaseFinder):
    """Finds `vendor/<name>` among the allowed files."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [file for file in ALLOWED.values() if not (settings.NPM / file).exists()]
        return [Error(f"Not installed: {', '.join(missing)}", hint="Run `npm ci`.", id="web.E001")] if missing else []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = path.removeprefix("vendor/")
        file = str(settings.NPM / ALLOWED[name]) if path != name and name in ALLOWED else ""
        return [file] if find_all and file else (file or [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for name, file in ALLOWED.items():
            yield f"vendor/{name}", _One(settings.NPM / file)


class _One(FileSystemStorage):
    """A storage that opens one file, whatever name it is asked for: the address differs from the file's name."""

    prefix = ""

    def __init__(self, file: Path) -> None:
        super().__init__(location=file.parent)
        self.file = file

    def path(self, name: str) -> str:
        return str(self.file)


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise is not typed
    """Hashed and compressed names. Only css addresses are rewritten: source maps are named in files but not shipped."""

    patterns: ClassVar[Any] = (("*.css", (CSS_ADDRESS,)),)
