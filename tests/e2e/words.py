"""The page's texts in a language, for stories that are told in several."""

import re
from functools import cache

from dev.paths import ROOT

LOCALES = ROOT / "frontend" / "src" / "i18n" / "locales"
LANGUAGES = ("en", "fr", "de", "es", "it")
TOKEN = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"|(?P<key>\w+)(?=:)|(?P<sign>[{}])')


@cache
def words(language: str) -> dict[str, str]:
    """Each by its path: "job.kind.UNDO"."""
    found = {}
    for file in sorted((LOCALES / language).glob("*.ts")):
        source = file.read_text(encoding="utf-8")
        prefix = ["errors"] if file.stem == "errors" else []
        for name, body in re.findall(r"export (default|const \w+ =) \{(.*?)^\};", source, re.M | re.S):
            path = [*prefix] if name == "default" else [name.split()[1]]
            key = ""
            for token in TOKEN.finditer(body):
                if token["text"] is not None:
                    found[".".join([*path, key])] = _typeset(token["text"], language)
                elif token["key"]:
                    key = token["key"]
                elif token["sign"] == "{":
                    path.append(key)
                else:
                    path.pop()
    return found


def filled(text: str, **gaps: str) -> str:
    """With what stands in its gaps."""
    return re.sub(r"\{\{(\w+)\}\}", lambda gap: gaps[gap[1]], text)


def _typeset(text: str, language: str) -> str:
    """As frontend/src/i18n/texts.ts does; kinds of spaces don't matter to a browser's queries."""
    return text.replace("'", "’") if language == "fr" else text
