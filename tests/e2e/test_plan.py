"""Plans: what has no room waits and says so, Shopify's page decides what is paid, and what waited arrives."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dev.stack import Stack
from tests.e2e.admin import Admin
from tests.e2e.conftest import SCREENSHOTS
from tests.e2e.control import Control
from tests.e2e.test_language import english_words_on

pytestmark = pytest.mark.e2e

PLANS = """
{"plans": [
    {"id": "free", "name": {"en": "Free", "de": "Kostenlos"}, "productLimit": 2},
    {"id": "growth", "name": {"en": "Growth", "de": "Wachstum"}, "productLimit": 4,
     "price": "19.00", "currency": "USD"},
    {"id": "scale", "name": {"en": "Scale", "de": "Volumen"}, "price": "1049.00", "currency": "EUR",
     "interval": "ANNUAL"}
]}
"""
CURRENT = "query { currentPlan { status used allowed waiting plan { id } pending { plan { id } } } }"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One of its own, with plans that are soon full."""
    home = tmp_path_factory.mktemp("plans")
    for folder in (home, home.parent, home.parent.parent):
        folder.chmod(0o755)  # as root, PostgreSQL runs as another user and has to get to its data
    file = home / "plans.json"
    file.write_text(PLANS, encoding="utf-8")
    with Stack(home, scenario="empty", environ={"PLANS_FILE": str(file)}) as running:
        yield running


@pytest.fixture
def admin(page: Page, stack: Stack) -> Admin:
    SCREENSHOTS.mkdir(exist_ok=True)
    return Admin(page, stack.urls.sandbox, SCREENSHOTS)


def titles(control: Control, handle: str) -> set[str]:
    return {product["title"] for product in control.shop(handle)["products"]}


def upgrade(control: Control, admin: Admin, handle: str, plan: str) -> None:
    """By the page and Shopify's confirmation, to its outcome."""
    app = admin.open(handle, "/plan")
    app.get_by_role("button", name=re.compile(f"to {plan}$")).click()
    page = admin.page
    expect(page.get_by_role("heading", name="Approve subscription")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(app.get_by_text(f"Thank you. This shop is now on {plan}.")).to_be_visible()


def test_at_the_limit_a_product_waits_and_arrives_after_the_upgrade(admin: Admin, control: Control) -> None:
    control.add_shop("full-main")
    control.add_shop("full-near")
    control.add_numbered("full-main", 3)
    control.set_up("full-main", full_near={"products": "ALL"})
    assert titles(control, "full-near") == {"Product 1", "Product 2"}

    # The dashboard tells it, the page says what it means.
    app = admin.open("full-near")
    expect(app.get_by_text("2 of 2 products linked").last).to_be_visible()
    expect(
        app.get_by_text("The limit of your plan is reached, and 1 product waits for room.")
    ).to_be_visible()
    expect(app.get_by_text("1 product waits", exact=True)).to_be_visible()
    admin.look("plan-dashboard")
    app.get_by_role("link", name="Upgrade plan").first.click()
    expect(app.get_by_text("The limit of your plan is reached")).to_be_visible()
    expect(app.get_by_text("1 product waits for room.")).to_be_visible()
    expect(app.get_by_text("$19.00 every 30 days")).to_be_visible()
    expect(app.get_by_text("€1,049.00 a year")).to_be_visible()
    admin.look("plan-full")

    # What is linked goes on.
    first = control.variant("full-main", "P-1")["id"]
    control.set_price("full-main", first, "12.00")
    control.wait_for(lambda: control.variant("full-near", "P-1")["price"] == "12.00")

    # Main has room for as many, so both have to be upgraded.
    upgrade(control, admin, "full-near", "Growth")
    expect(app.get_by_text("1 product waits for the plan of a connected shop.")).to_be_visible()
    assert admin.page.url.endswith("/store/full-near/app/plan")
    assert titles(control, "full-near") == {"Product 1", "Product 2"}
    upgrade(control, admin, "full-main", "Scale")
    control.wait_for(lambda: titles(control, "full-near") == {"Product 1", "Product 2", "Product 3"})
    expect(app.get_by_text("3 products linked")).to_be_visible()
    expect(app.get_by_text("Your plan has no limit.")).to_be_visible()
    admin.look("plan-upgraded")
    assert control.query("full-near", CURRENT)["currentPlan"] == {
        "status": "ACTIVE", "used": 3, "allowed": 4, "waiting": 0, "plan": {"id": "growth"}, "pending": None,
    }  # fmt: skip


def test_who_declines_keeps_the_old_plan_and_who_leaves_can_come_back(admin: Admin, control: Control) -> None:
    control.add_shop("wary-main")
    control.set_up("wary-main")
    app = admin.open("wary-main", "/plan")
    app.get_by_role("button", name="Upgrade to Growth").click()
    page = admin.page
    expect(page.get_by_text("19.00 USD every 30 days")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "plan-confirmation.png")
    page.get_by_role("button", name="Decline").click()
    expect(app.get_by_text("You have declined the change. This shop stays on Free.")).to_be_visible()
    admin.look("plan-declined")
    assert control.query("wary-main", CURRENT)["currentPlan"]["pending"] is None

    # Closing Shopify's page is no answer.
    app.get_by_role("button", name="Upgrade to Growth").click()
    expect(page.get_by_role("heading", name="Approve subscription")).to_be_visible()
    app = admin.open("wary-main", "/plan")
    expect(app.get_by_text("The change to Growth waits for your confirmation")).to_be_visible()
    admin.look("plan-pending")
    app.get_by_role("button", name="Stay on Free").click()
    expect(app.get_by_text("The change to Growth waits for your confirmation")).to_have_count(0)
    app.get_by_role("button", name="Upgrade to Growth").click()
    page.get_by_role("button", name="Approve").click()
    expect(app.get_by_text("Thank you. This shop is now on Growth.")).to_be_visible()
    expect(app.get_by_text("Current plan")).to_be_visible()


def test_a_downgrade_says_what_follows_and_takes_nothing_away(admin: Admin, control: Control) -> None:
    control.add_shop("less-main")
    control.add_shop("less-near")
    control.add_numbered("less-main", 3)
    control.set_up("less-main", less_near={"products": "ALL"})
    upgrade(control, admin, "less-main", "Growth")
    upgrade(control, admin, "less-near", "Growth")
    control.wait_for(lambda: len(titles(control, "less-near")) == 3)

    app = admin.open("less-near", "/plan")
    expect(app.get_by_text("3 of 4 products linked")).to_be_visible()
    app.get_by_role("button", name="Switch to Free").click()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_text("The paid subscription ends at once")).to_be_visible()
    expect(dialog.get_by_text("3 products are linked, 2 fit the plan.")).to_be_visible()
    admin.look("plan-downgrade")
    dialog.get_by_role("button", name="Switch to Free").click()
    expect(app.get_by_text("3 of 2 products linked")).to_be_visible()
    assert len(titles(control, "less-near")) == 3
    first = control.variant("less-main", "P-3")["id"]
    control.set_price("less-main", first, "12.00")
    control.wait_for(lambda: control.variant("less-near", "P-3")["price"] == "12.00")
    control.add_product("less-main", "Product 4", sku="P-4")
    expect(app.get_by_text("The limit of your plan is reached")).to_be_visible()
    assert len(titles(control, "less-near")) == 3


def test_payments_that_stop_are_told_and_come_back(admin: Admin, control: Control) -> None:
    control.add_shop("owing-main")
    control.set_up("owing-main")
    upgrade(control, admin, "owing-main", "Growth")
    page = admin.page
    page.goto(page.url.replace("/app/plan", "/settings"))
    page.get_by_role("button", name="Stop paying").click()
    control.wait_for(lambda: control.query("owing-main", CURRENT)["currentPlan"]["status"] == "FROZEN")
    app = admin.open("owing-main", "/plan")
    expect(app.get_by_text("Payments have stopped")).to_be_visible()
    expect(app.get_by_text("0 of 2 products linked")).to_be_visible()
    admin.look("plan-frozen")
    page.goto(page.url.replace("/app/plan", "/settings"))
    page.get_by_role("button", name="Cancel subscription").click()
    control.wait_for(lambda: control.query("owing-main", CURRENT)["currentPlan"]["status"] == "CANCELLED")
    app = admin.open("owing-main", "/plan")
    expect(app.get_by_text("Your subscription has ended")).to_be_visible()
    app.get_by_role("button", name="Continue with Free").click()
    expect(app.get_by_text("Your subscription has ended")).to_have_count(0)


def test_the_page_in_german(admin: Admin, control: Control) -> None:
    control.add_shop("tarif-main")
    control.add_shop("tarif-nah")
    control.add_numbered("tarif-main", 4)
    control.set_up("tarif-main", tarif_nah={"products": "ALL"})
    admin.choose_language("tarif-nah", "de")
    app = admin.open("tarif-nah")
    expect(app.get_by_text("2 von 2 Produkten verknüpft").last).to_be_visible()
    admin.look("plan-german-dashboard")
    assert english_words_on(admin.frame) == []
    app.get_by_role("link", name="Plan upgraden").first.click()
    expect(app.get_by_text("Die Obergrenze Ihres Plans ist erreicht")).to_be_visible()
    expect(app.get_by_text(re.compile(r"1\.049,00\s€ im Jahr"))).to_be_visible()
    admin.look("plan-german")
    assert english_words_on(admin.frame) == []
    app.get_by_role("button", name="Auf Wachstum upgraden").click()
    admin.page.get_by_role("button", name="Decline").click()
    expect(
        app.get_by_text("Sie haben den Wechsel abgelehnt. Dieser Shop bleibt bei Kostenlos.")
    ).to_be_visible()
    assert english_words_on(admin.frame) == []
