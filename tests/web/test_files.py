"""Of an npm package only named files are served, and a missing one is said with the way out."""

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from tongzhou.web.files import ALLOWED, NpmFinder, Storage


def test_named_files_are_found_and_no_others() -> None:
    found = {name: bool(finders.find(f"vendor/{name}")) for name in [*ALLOWED, "tabler.js", "../package.json", ""]}
    assert found == dict.fromkeys(ALLOWED, True) | {"tabler.js": False, "../package.json": False, "": False}


def test_named_files_are_listed_and_can_be_opened() -> None:
    listed = dict(NpmFinder().list(None))
    assert sorted(listed) == [f"vendor/{name}" for name in sorted(ALLOWED)]
    for name, storage in listed.items():
        with storage.open(name) as file:
            assert file.read(1)


def test_missing_packages_are_named_with_the_way_out(settings: Any, tmp_path: Path) -> None:
    assert NpmFinder().check() == []
    settings.NPM = tmp_path
    (fault,) = NpmFinder().check()
    assert (fault.id, fault.hint) == ("web.E001", "Run `npm ci`.")


def test_collected_names_carry_their_content(settings: Any, tmp_path: Path) -> None:
    """Source maps are named in the files but not shipped: following them would fail."""
    storage = Storage(location=tmp_path, base_url="/static/")
    (tmp_path / "a.css").write_text("a{background:url(b.svg)}/*# sourceMappingURL=a.css.map */")
    (tmp_path / "b.svg").write_text("<svg/>")
    done = {
        old: new for old, new, _ in storage.post_process({"a.css": (storage, "a.css"), "b.svg": (storage, "b.svg")})
    }
    css = (tmp_path / done["a.css"]).read_text()
    assert (done["b.svg"] in css, "sourceMappingURL=a.css.map" in css) == (True, True)
    assert staticfiles_storage.url("css/tongzhou.css") == "/static/css/tongzhou.css"
