"""Every page, as pictures in both widths, in English and in German, which is long; in others on demand:

LANGUAGES="fr es it" make test ARGS=tests/e2e/test_every_page.py
"""

import os
import re

import pytest
from playwright.sync_api import FrameLocator, expect

from dev.stack import Stack
from tests.e2e.admin import Admin
from tests.e2e.control import Control
from tests.e2e.test_language import english_words_on
from tests.e2e.test_parity import check
from tests.e2e.words import words

CHOSEN = os.environ.get("LANGUAGES", "en de").replace(",", " ").split()
pytestmark = pytest.mark.e2e

HEIGHT = 1700
SETTINGS = {
    "products": "ALL",
    "localEditsDetails": "KEEP_LOCAL",
    "priceRules": {"conversionRate": "0.86", "percent": "5", "ending": "0.99"},
    "brake": {"percent": "10", "count": 3, "pricePercent": "50"},
}
INVITE = "mutation($urls: [String!]!) { inviteShops(urls: $urls) { userErrors { code } } }"
DELEGATE = "mutation($id: ID!) { setDelegation(connectionId: $id, enabled: true) { userErrors { code } } }"
UNDO = "mutation($id: ID!) { undoJob(id: $id) { job { id } userErrors { code } } }"
JOBS = "{ jobs(first: 50) { nodes { id kind state } } }"


class Tour:
    def __init__(self, admin: Admin, language: str) -> None:
        self._admin, self._language = admin, language
        self._words = words(language)
        self.english: dict[str, list[str]] = {}

    def word(self, key: str) -> str:
        return self._words[key]

    def named(self, key: str) -> re.Pattern[str]:
        """A text with gaps, whatever stands in them."""
        parts = re.split(r"\{\{\w+\}\}", self._words[key])
        return re.compile(".*".join(r"\s".join(map(re.escape, part.split(" "))) for part in parts))

    def open(self, handle: str, path: str = "") -> FrameLocator:
        app = self._admin.open(handle, path)
        expect(app.locator("h1").first).to_be_visible()
        expect(app.locator(".Polaris-SkeletonBodyText, .Polaris-Spinner")).to_have_count(0)
        return app

    def look(self, name: str) -> None:
        self._admin.look(f"{self._language}-{name}", HEIGHT)
        if self._language != "en" and (found := english_words_on(self._admin.frame, self._language)):
            self.english[name] = found

    def page(self, name: str, handle: str, path: str = "") -> FrameLocator:
        app = self.open(handle, path)
        self.look(name)
        return app

    def press(self, app: FrameLocator, key: str) -> None:
        """The first button or link of that name."""
        name = self.named(key)
        app.get_by_role("button", name=name).or_(app.get_by_role("link", name=name)).first.click()

    def dialog(self, app: FrameLocator, name: str) -> None:
        """Look at the one that is open, and close it."""
        expect(app.get_by_role("dialog")).to_be_visible()
        self.look(name)
        self._admin.page.keyboard.press("Escape")
        expect(app.get_by_role("dialog")).to_have_count(0)


def last_job(control: Control, handle: str, kind: str) -> str:
    jobs = control.query(handle, JOBS)["jobs"]["nodes"]
    return str(next(job["id"] for job in jobs if job["kind"] == kind))


@pytest.fixture(scope="module")
def family() -> dict[str, str]:
    """What one language leaves for the next: the shops are set up once."""
    return {}


def prepare(control: Control, stack: Stack) -> dict[str, str]:
    """A main and a dependent with something on every page."""
    control.add_shop("tour-main", locations=("Warehouse", "Shop floor"))
    control.add_shop("tour-near", currency="GBP", locations=("London", "Leeds"))
    control.add_numbered("tour-main", 12)
    control.add_product("tour-near", "Twice", sku="P-12")
    control.add_product("tour-near", "Twice again", sku="P-12")
    control.add_shop("tour-far")
    control.add_shop("tour-own")
    control.set_up("tour-main", tour_near=SETTINGS, tour_far={}, tour_own={})
    control.command("tour-far", DELEGATE, id=control.connection("tour-far"))
    products = control.shop("tour-main")["products"]
    undone = products[5]["variants"][0]["id"]
    control.set_price("tour-main", undone, "11.00")
    control.sync("tour-near")
    synced = last_job(control, "tour-near", "SYNC_ALL")
    control.command("tour-near", UNDO, id=synced)
    control.wait_for(lambda: _done(control, last_job(control, "tour-near", "UNDO")))
    control.set_price("tour-main", products[0]["variants"][0]["id"], "1234.50")
    for product in products[1:5]:
        control.set_stock("tour-main", product["variants"][0]["id"], 0)
    control.edit_product("tour-main", products[6]["id"], title="Product 7, made of linen")
    control.sync("tour-near")
    near = {product["title"]: product for product in control.shop("tour-near")["products"]}
    control.edit_product("tour-near", near["Product 8"]["id"], title="Our own words")
    check(stack)
    control.command("tour-main", INVITE, urls=["tour-late.myshopify.com"])
    tie = control.connection("tour-near")
    number = near["Product 1"]["id"].rsplit("/", 1)[1]
    return {
        "tie": tie,
        "synced": synced,
        "held": last_job(control, "tour-near", "SYNC_ALL"),
        "product": number,
    }


def _done(control: Control, job: str) -> bool:
    found = control.query("tour-near", "query($id: ID!) { job(id: $id) { state } }", id=job)
    return str(found["job"]["state"]) == "SUCCEEDED"


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize("language", CHOSEN)
def test_every_page(
    admin: Admin, control: Control, stack: Stack, family: dict[str, str], language: str
) -> None:
    if not family:
        family.update(prepare(control, stack))
    tie = family["tie"]
    tour = Tour(admin, language)
    fresh, other, asked = (f"tour-{name}-{language}" for name in ("new", "other", "asked"))
    for handle in (fresh, other, asked):
        control.add_shop(handle)
    control.command("tour-main", INVITE, urls=[f"{asked}.myshopify.com"])
    for handle in ("tour-main", "tour-near", fresh, other, asked):
        admin.choose_language(handle, language)

    tour.page("setup-invited", asked)
    app = tour.page("setup-role", fresh)
    tour.press(app, "setup.MAIN.action")
    expect(app.get_by_label(tour.word("key.label"))).not_to_have_value("")
    tour.look("setup-key")
    tour.press(app, "onboarding.next")
    expect(app.get_by_role("heading", name=tour.word("onboarding.inviteTitle"))).to_be_visible()
    tour.press(app, "invite.send")
    tour.look("setup-invite")
    tour.page("dashboard-empty", fresh)
    tour.page("products-empty", fresh, "/products")
    app = tour.open(other)
    tour.press(app, "setup.DEPENDENT.action")
    app.get_by_label(tour.word("key.label")).fill("mss_unknown")
    tour.press(app, "connect.action")
    expect(app.get_by_text(tour.word("errors.KEY_UNKNOWN"))).to_be_visible()
    tour.look("setup-connect")
    key = control.query("tour-main", "{ shop { connectionKey } }")["shop"]["connectionKey"]
    app.get_by_label(tour.word("key.label")).fill(key)
    tour.press(app, "connect.action")
    expect(app.get_by_role("heading", name=tour.word("onboarding.syncTitle"))).to_be_visible()
    tour.look("setup-sync")

    for role, handle in (("main", "tour-main"), ("near", "tour-near")):
        tour.page(f"{role}-dashboard", handle)
        tour.page(f"{role}-jobs", handle, "/jobs")
        tour.page(f"{role}-settings", handle, "/settings")
        for tab in ("conflicts", "links", "unlinked", "holds", "differences", "edits"):
            tour.page(f"{role}-products-{tab}", handle, f"/connections/{tie}/products?tab={tab}")
        tour.page(f"{role}-plan", handle, "/plan")
        tour.page(f"{role}-job", handle, f"/jobs/{family['held']}")
    app = tour.page("main-connection", "tour-main", f"/connections/{tie}/settings")
    tour.press(app, "rights.copy.menu")
    app.get_by_role("dialog").get_by_label("tour-far.myshopify.com").check()
    tour.dialog(app, "main-copy")
    expect(admin.open("tour-main", "/nowhere").get_by_text(tour.word("notFound.text"))).to_be_visible()
    tour.look("main-not-found")
    tour.page("near-job-done", "tour-near", f"/jobs/{family['synced']}")

    app = tour.open("tour-main", "/settings")
    tour.press(app, "rights.actionsOf")
    tour.look("main-menu")
    app = tour.open("tour-main", "/settings")
    tour.press(app, "key.rotate")
    tour.dialog(app, "main-rotate")

    app = tour.page("near-product", "tour-near", f"/connections/{tie}/products/{family['product']}")
    tour.press(app, "trace.whyOf")
    tour.dialog(app, "near-trace")
    tour.press(app, "product.unlink")
    tour.dialog(app, "near-unlink")

    app = tour.open("tour-near", "/settings")
    for group in ("settings.fieldMask", "selection.title", "settings.special"):
        button = app.get_by_role("button", name=tour.named(group))
        if button.count():
            button.first.click()
    tour.look("near-settings-open")
    for key_, name in (
        ("rights.pause.pause", "near-pause"),
        ("connection.disconnect", "near-disconnect"),
        ("rights.delegation.give", "near-delegate"),
    ):
        tour.press(app, key_)
        tour.dialog(app, name)
    app.get_by_label(tour.word("stock.buffer"), exact=True).fill("2")
    admin.page.get_by_role("button", name=tour.word("settings.save"), exact=True).click()
    expect(app.get_by_role("dialog")).to_be_visible()
    expect(app.get_by_role("dialog").get_by_text(tour.word("savePreview.text"))).to_be_visible()
    tour.look("near-save-preview")

    app = tour.open("tour-main", "/api-access")
    tour.look("main-api")
    tour.press(app, "apiAccess.create")
    tour.dialog(app, "main-api-create")
    assert tour.english == {}
