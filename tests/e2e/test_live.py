"""What happens in one shop stands in the others a moment later, without a click."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from dev.stack import Stack
from tests.e2e.admin import Admin
from tests.e2e.control import Control, stock
from tests.e2e.test_language import english_words_on
from tests.oracle.compare import differences

pytestmark = pytest.mark.e2e

DEPENDENTS = ("live-near", "live-far")
SETTINGS = {"products": "MATCHED", "details": True}


def connected(control: Control, main: str, dependents: tuple[str, ...], settings: dict[str, Any]) -> None:
    """Shops with the same five products each, in step."""
    for handle in (main, *dependents):
        control.add_shop(handle)
        control.add_numbered(handle, 5)
    control.set_up(main, **{handle.replace("-", "_"): settings for handle in dependents})


def test_a_price_travels_by_itself_and_a_dependents_own_is_put_back(
    admin: Admin, control: Control, stack: Stack
) -> None:
    connected(control, "live-main", DEPENDENTS, SETTINGS)
    app = admin.open("live-main")
    shops = app.get_by_role("listitem").filter(has_text="5 of 5 products linked")
    stack.restart("scheduler")  # It begins with the checks that are due.
    expect(shops.filter(has_text="100% in sync")).to_have_count(2)
    jobs = app.get_by_role("listitem").filter(has=app.get_by_role("link", name="Live sync"))
    expect(jobs).to_have_count(0)
    variant = control.variant("live-main", "P-2")
    control.mark("before the price")
    began = datetime.now(UTC)
    control.set_price("live-main", variant["id"], "12.50")

    # The page has been open all the time: it shows the jobs, and how long the change took.
    for dependent in DEPENDENTS:
        job = jobs.filter(has_text=f"{dependent}.myshopify.com")
        expect(job).to_contain_text("automatic")
        expect(job).to_contain_text("1 applied")
    expect(shops.filter(has_text=re.compile(r"Changes arrive in [\d.]+ sec"))).to_have_count(2)
    expect(shops.filter(has_text="100% in sync")).to_have_count(2)
    for dependent in DEPENDENTS:
        assert control.variant(dependent, "P-2")["price"] == "12.50"
        assert control.mutations(dependent, "before the price") == {"productVariantsBulkUpdate": 1}
    assert control.mutations("live-main", "before the price") == {}
    admin.look("live-dashboard")

    # What was, what is, and when.
    jobs.filter(has_text="live-near.myshopify.com").get_by_role("link").first.click()
    expect(app.get_by_role("heading", name="Live sync", exact=True)).to_be_visible()
    created = app.get_by_role("definition").locator("time").get_attribute("datetime")
    assert created is not None
    assert began < datetime.fromisoformat(created) < datetime.now(UTC)
    expect(app.get_by_role("row")).to_have_count(2)
    row = app.get_by_role("row").nth(1)
    expect(row).to_contain_text("Product 2")
    expect(row.get_by_role("cell").nth(2)).to_contain_text("€10.00")
    expect(row.get_by_role("cell").nth(3)).to_contain_text("€12.50")
    expect(row).to_contain_text("Applied")
    admin.look("live-job")

    # A price that the dependent sets itself does not last, and is told.
    control.set_price("live-near", control.variant("live-near", "P-3")["id"], "9.00")
    app = admin.open("live-near", "/products?tab=edits")
    edit = app.get_by_role("listitem").filter(has_text="Product 3 (P-3) · Price")
    expect(edit).to_contain_text("The main shop's value was applied")
    expect(edit).to_contain_text("Should be: €10.00")
    expect(edit).to_contain_text("live-near.myshopify.com: €9.00")
    control.wait_for(lambda: control.variant("live-near", "P-3")["price"] == "10.00")
    admin.look("live-edits")
    main = control.shop("live-main")
    for dependent in DEPENDENTS:
        assert differences(main, control.shop(dependent), control.settings(dependent)) == []

    admin.choose_language("live-main", "de")
    app = admin.open("live-main")
    expect(app.get_by_text("Änderungen kommen").first).to_be_visible()
    admin.look("live-german")
    assert english_words_on(admin.frame) == []


def test_a_sale_in_one_shop_lowers_the_stock_of_all(admin: Admin, control: Control) -> None:
    connected(control, "pool-home", ("pool-near", "pool-far"), SETTINGS | {"stockMode": "SHARED"})
    app = admin.open("pool-home")
    shops = app.get_by_role("listitem").filter(has_text="5 of 5 products linked")
    expect(shops).to_have_count(3)
    control.set_stock("pool-near", control.variant("pool-near", "P-1")["id"], 3)

    expect(shops.filter(has_text="Stock within")).not_to_have_count(0)
    handles = ("pool-home", "pool-near", "pool-far")
    control.wait_for(lambda: {stock(control.variant(each, "P-1")) for each in handles} == {3})
    jobs = app.get_by_role("listitem").filter(has=app.get_by_role("link", name="Live sync"))
    expect(jobs).to_have_count(2)
    admin.look("live-shared-stock")
    jobs.filter(has_text="pool-near.myshopify.com").get_by_role("link").first.click()
    row = app.get_by_role("row").filter(has_text="Book a sale into the main shop")
    expect(row).to_contain_text("Product 1")
    expect(row).to_contain_text("Applied")
    admin.look("live-sale")

    # One in main while the other sells as well: every piece is counted once.
    control.set_stock("pool-far", control.variant("pool-far", "P-2")["id"], 4)
    control.set_stock("pool-home", control.variant("pool-home", "P-2")["id"], 3)
    control.wait_for(lambda: {stock(control.variant(each, "P-2")) for each in handles} == {2})
    assert {stock(control.variant(each, "P-1")) for each in handles} == {3}
