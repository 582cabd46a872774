"""HTML from templates, escaped unless it is HTML already."""

import html
import string
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

_TEMPLATES = Path(__file__).parent / "templates"


class Html(str):
    """Text that is HTML and needs no escaping."""

    __slots__ = ()


class _Escaping(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Html):
            return value
        if value is None:
            return ""
        return html.escape(format(value, format_spec), quote=True)

    def check_unused_args(self, used: Any, _: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        unused = set(kwargs) - set(used)
        if unused:
            raise ValueError(f"the template has no place for {', '.join(sorted(unused))}")


_FORMATTER = _Escaping()


def render(template: str, **values: Any) -> Html:
    """The template with `{name}` replaced by the escaped values; Html values go in as they are, None as
    nothing.
    """
    return Html(_FORMATTER.vformat(template, (), values))


def template(name: str) -> str:
    """A template by its name below templates/, for example ``products/row``."""
    return (_TEMPLATES / f"{name}.html").read_text("utf-8").rstrip("\n")


def join(parts: Iterable[Html], between: str = "") -> Html:
    return Html(between.join(parts))


NOTHING = Html("")
