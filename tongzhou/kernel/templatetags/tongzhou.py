"""Tags every page may use: icons, states, ledger sentences."""

from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tongzhou.kernel import ledger
from tongzhou.kernel.models import Entry, Record

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A Bootstrap icon, drawn in the page."""
    return _svg(name)


@cache
def _svg(name: str) -> SafeString:
    file = settings.NPM / "bootstrap-icons" / "icons" / f"{name}.svg"
    if not file.exists():
        return SafeString("")
    text = file.read_text(encoding="utf-8").replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return mark_safe(" ".join(text.split()))  # noqa: S308 -- a file of an npm package locked by hash


@register.simple_tag(takes_context=True)
def drawn(context: template.Context, name: str) -> SafeString:
    """A part that stands on the page more than once, drawn once: {% drawn "menu.html" as menu_drawn %}"""
    assert context.template is not None
    return context.template.engine.get_template(name).render(context)


@register.simple_tag
def state(record: Record) -> SafeString:
    """The state as a badge: word, colour and shape, so that it is read without colour too."""
    tone = record.workflow.tones.get(record.state, "doing")
    return format_html('<span class="badge tone-{}">{}</span>', tone, record.state_label())


@register.filter
def sentence(entry: Entry) -> str:
    return ledger.sentence(entry)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    return mapping.get(key)
