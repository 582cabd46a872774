"""The page speaks the language of the shop's admin, every word of it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Frame, expect

from tests.e2e.admin import Admin
from tests.e2e.control import Control
from tests.e2e.words import LOCALES

pytestmark = pytest.mark.e2e

TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
SHOWN = """
() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const { parentElement, textContent } = walker.currentNode;
        if (!parentElement.closest("script, style")) found.push(textContent.trim());
    }
    for (const element of document.querySelectorAll("[aria-label], [placeholder], [title]"))
        for (const name of ["aria-label", "placeholder", "title"])
            if (element.hasAttribute(name)) found.push(element.getAttribute(name).trim());
    return found.filter((text) => text !== "");
}
"""


def patterns(folder: Path) -> set[str]:
    """The texts of a language, those with gaps as what may stand there."""
    return {text for file in folder.glob("*.ts") for text in TEXT.findall(file.read_text())}


def english_words_on(frame: Frame, language: str = "de") -> list[str]:
    """What is shown and is an English text of the page that is another in that language."""
    foreign = patterns(LOCALES / "en") - patterns(LOCALES / language)
    expressions = [
        re.compile(r"\S.*?".join(re.escape(part) for part in re.split(r"\{\{\w+\}\}", text)))
        for text in foreign
        if re.search(r"[A-Za-z]{3}", re.sub(r"\{\{\w+\}\}", "", text))
    ]
    assert len(expressions) > 300
    shown = [re.sub(r"\s", " ", text) for text in frame.evaluate(SHOWN)]
    assert len(shown) > 5
    return sorted({text for text in shown if any(each.fullmatch(text) for each in expressions)})


def test_a_german_admin_shows_no_english(admin: Admin, control: Control) -> None:
    control.add_shop("sprache-main", locations=("Lager", "Laden"))
    control.add_shop("sprache-nah", currency="GBP")
    control.add_numbered("sprache-main", 6)
    control.add_numbered("sprache-nah", 5)
    control.add_product("sprache-nah", "Doppelt", sku="P-5")
    control.set_up("sprache-main", sprache_nah={"products": "ALL", "priceRules": {"conversionRate": "0.85"}})
    expensive = control.shop("sprache-main")["products"][0]["variants"][0]["id"]
    control.set_price("sprache-main", expensive, "1234.50")
    control.sync("sprache-nah")
    for handle in ("sprache-main", "sprache-nah"):
        admin.choose_language(handle, "de")

    pages = [
        ("sprache-main", "", "Synchronisierungsstatus"),
        ("sprache-main", "/settings", "Verbindungsschlüssel"),
        ("sprache-nah", "", "Synchronisierungsstatus"),
        ("sprache-nah", "/settings", "Welche Produkte"),
        ("sprache-nah", "/products", "Doppelt"),
        ("sprache-nah", "/jobs", "sprache-nah.myshopify.com"),
    ]
    for handle, path, expected in pages:
        app = admin.open(handle, path)
        expect(app.get_by_text(expected).first).to_be_visible()
        admin.look(f"german-{handle}{path.replace('/', '-')}")
        assert english_words_on(admin.frame) == []
    assert admin.frame.evaluate("document.documentElement.lang") == "de"

    app = admin.app
    app.get_by_role("listitem").filter(has_text="1 wartet").get_by_role("link").first.click()
    expect(app.get_by_role("button", name="Alle bestätigen")).to_be_visible()
    row = app.get_by_role("row").filter(has_text="Wartet auf Sie").or_(app.get_by_role("row").nth(1))
    expect(row.first).to_contain_text("1.049,33")
    admin.look("german-job")
    assert english_words_on(admin.frame) == []
