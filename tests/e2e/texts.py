"""The page's texts in a language, by the path of their key."""

import re
from functools import cache

from dev.paths import ROOT

LOCALES = ROOT / "frontend" / "src" / "i18n" / "locales"
_TOKEN = re.compile(r'(\w+)(?: =|:)\s*(?:(\{)|"((?:[^"\\]|\\.)*)")|(\})')


@cache
def texts(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted((LOCALES / language).glob("*.ts")):
        path: list[str] = []
        for name, opens, text, closes in _TOKEN.findall(file.read_text(encoding="utf-8")):
            if opens:
                path.append(name)
            elif closes:
                path = path[:-1]
            else:
                found[".".join((*path, name))] = text
    return found


def filled(text: str, **gaps: str) -> str:
    """With what stands in its gaps."""
    return re.sub(r"\{\{(\w+)\}\}", lambda gap: gaps[gap[1]], text)
