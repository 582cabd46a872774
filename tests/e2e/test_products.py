"""One product and one value: linked by hand, traced, undone; and what a sync would do, before it does it."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.admin import Admin
from tests.e2e.control import Control
from tests.e2e.test_language import english_words_on

pytestmark = pytest.mark.e2e

ROWS = 130
"""More than one page of the API."""


def titles(control: Control, handle: str) -> list[str]:
    return sorted(product["title"] for product in control.shop(handle)["products"])


def test_a_product_is_linked_by_hand_and_unlinked_again(admin: Admin, control: Control) -> None:
    for handle in ("hand-main", "hand-near"):
        control.add_shop(handle)
        control.add_product(handle, "Plain", sku="PLAIN")
    control.add_product("hand-main", "Teapot", sku="POT-1", price="30.00")
    control.add_product("hand-near", "Theiere", sku="FR-77", price="25.00")
    control.add_product("hand-near", "Tasse", sku="FR-78")
    control.set_up("hand-main", hand_near={"products": "MATCHED"})

    app = admin.open("hand-near", "/products?tab=unlinked")
    items = app.get_by_role("listitem")
    expect(items).to_have_count(1)
    expect(items).to_contain_text("Not in the dependent shop")
    expect(items).to_contain_text("POT-1")
    admin.look("unlinked")
    app.get_by_placeholder("Search by product or SKU").fill("kettle")
    expect(app.get_by_text("Nothing matches these filters.")).to_be_visible()
    app.get_by_placeholder("Search by product or SKU").fill("pot-")
    app.get_by_role("button", name="Link manually: Teapot").click()

    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_role("radio")).to_have_count(2)
    dialog.get_by_role("textbox").fill("fr-77")
    expect(dialog.get_by_role("radio")).to_have_count(1)
    dialog.get_by_text("Theiere", exact=True).click()
    admin.look("link-by-hand")
    dialog.get_by_role("button", name="Link", exact=True).click()
    expect(app.get_by_text("Nothing matches these filters.")).to_be_visible()
    control.wait_for(lambda: control.variant("hand-near", "FR-77")["price"] == "30.00")

    # Its own page: every value beside the main shop's, with the way to both admins.
    app.get_by_role("tab", name="Linked", exact=True).click()
    expect(items).to_have_count(2)
    app.get_by_role("link", name="Teapot", exact=True).click()
    expect(app.get_by_role("heading", name="Teapot").first).to_be_visible()
    expect(app.get_by_text("Manually")).to_be_visible()
    price = app.get_by_role("row").filter(has=app.get_by_text("Price", exact=True))
    expect(price.get_by_text("€30.00")).to_have_count(3)
    expect(price).to_contain_text("Equal")
    for name in ("Open in the main shop's admin", "Open in the dependent shop's admin"):
        expect(app.get_by_role("link", name=name)).to_have_attribute(
            "href", re.compile(r"^https://hand-(main|near)\.myshopify\.com/admin/products/\d+$")
        )
    admin.look("product")

    # Unlinking deletes nothing, and no SKU brings the two together again.
    control.mark("before unlinking")
    app.get_by_role("button", name="Unlink").click()
    confirm = app.get_by_role("dialog")
    expect(confirm).to_contain_text("Both products stay as they are")
    confirm.get_by_role("button", name="Unlink").click()
    expect(items).to_have_count(1)
    expect(items).to_contain_text("Plain")
    control.sync("hand-near")
    assert titles(control, "hand-near") == ["Plain", "Tasse", "Theiere"]
    assert control.mutations("hand-near", "before unlinking") == {}
    app = admin.open("hand-near", "/products?tab=unlinked")
    expect(items).to_contain_text("Ignored by decision")


def test_a_value_says_why_it_is_there_and_is_undone(admin: Admin, control: Control) -> None:
    for handle in ("why-main", "why-near"):
        control.add_shop(handle)
        control.add_numbered(handle, 3)
    control.set_up(
        "why-main", why_near={"products": "MATCHED", "priceRules": {"percent": "10", "ending": "0.99"}}
    )
    before = control.variant("why-near", "P-2")["price"]
    variant = control.variant("why-main", "P-2")
    control.set_price("why-main", variant["id"], "12.50")
    control.wait_for(lambda: control.variant("why-near", "P-2")["price"] == "13.99")

    app = admin.open("why-near", "/products?tab=links")
    app.get_by_placeholder("Search by product or SKU").fill("P-2")
    expect(app.get_by_role("listitem")).to_have_count(1)
    app.get_by_role("listitem").get_by_role("link").first.click()
    price = app.get_by_role("row").filter(has=app.get_by_text("Price", exact=True))
    expect(price).to_contain_text("€13.99")
    price.get_by_role("button", name="Why").click()

    # Event, rule, call, answer, in this order, each with its time.
    dialog = app.get_by_role("dialog")
    steps = dialog.get_by_role("list").first.locator("> li")
    expect(steps).to_have_count(6)
    event, rule, change, call, answer, now = (steps.nth(index) for index in range(6))
    expect(event).to_contain_text("Shopify reported a change in why-main.myshopify.com (products/update)")
    expect(event).to_contain_text(re.compile(r"received .*\d:\d\d:\d\d"))
    for text in ("The main shop decides", "Main shop: €12.50", "+10% = €13.75", "ending in €0.99 = €13.99"):
        expect(rule).to_contain_text(text)
    expect(change).to_contain_text(f"€{before} became €13.99")
    expect(change).to_contain_text("Live sync")
    expect(call).to_contain_text("productVariantsBulkUpdate")
    expect(call).to_contain_text(re.compile(r"Shopify's request ID: [0-9a-f-]{36}"))
    expect(answer).to_contain_text("Shopify accepted it after")
    expect(now).to_contain_text("The sync set this value.")
    expect(now).to_contain_text("In why-near.myshopify.com: €13.99")
    for each in (event, change, call, answer):
        expect(each.locator("time").first).to_be_visible()
    expect(dialog.get_by_text("Applied", exact=True).first).to_be_visible()
    admin.look("trace")

    # The job that wrote it undoes this one change; the trace then says so.
    dialog.get_by_role("link", name="Job: Live sync").click()
    expect(app.get_by_role("row")).to_have_count(2)
    expect(app.get_by_role("button", name="Price: 1")).to_be_visible()
    admin.look("job-of-one-change")
    app.get_by_role("row").nth(1).get_by_role("button", name="Undo", exact=True).click()
    expect(app.get_by_role("heading", name="Undo", exact=True)).to_be_visible()
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()
    assert control.variant("why-near", "P-2")["price"] == before
    app.get_by_role("row").nth(1).get_by_role("button", name="Why").click()
    expect(app.get_by_role("dialog")).to_contain_text("A change was undone")
    expect(app.get_by_role("dialog")).to_contain_text("According to the settings it should be")
    expect(app.get_by_role("dialog")).to_contain_text("Started manually: Undo")

    admin.choose_language("why-near", "de")
    app = admin.open("why-near", "/products?tab=links")
    app.get_by_role("listitem").first.get_by_role("link").first.click()
    why = app.get_by_role("button", name="Warum")
    expect(why.first).to_be_visible()
    assert english_words_on(admin.frame) == []
    admin.look("product-de")
    why.first.click()
    expect(app.get_by_role("dialog").get_by_text("Was jetzt dort steht")).to_be_visible()
    admin.look("trace-de")


@pytest.mark.usefixtures("by_hand")
def test_a_preview_is_narrowed_down_exported_and_applied(
    admin: Admin, control: Control, tmp_path: Path
) -> None:
    for handle in ("see-main", "see-near"):
        control.add_shop(handle)
    control.add_numbered("see-main", ROWS)
    control.set_up("see-main", see_near={"products": "MATCHED"})
    control.choose("see-near", products="ALL", details=True)
    control.sync("see-near")
    assert len(titles(control, "see-near")) == ROWS
    for product in control.shop("see-main")["products"]:
        for variant in product["variants"]:
            control.set_price("see-main", variant["id"], "11.50")
    control.mark("before the preview")

    app = admin.open("see-near")
    app.get_by_role("button", name="Preview all syncs").click()
    expect(app.get_by_text("This is a preview. Nothing has been changed.")).to_be_visible()
    expect(app.get_by_role("button", name=f"Price: {ROWS}")).to_be_visible()
    expect(app.get_by_role("row")).to_have_count(51)
    admin.look("preview")
    app.get_by_placeholder("Search by product or SKU").fill("P-12")
    expect(app.get_by_role("row")).to_have_count(1 + 1 + 10)
    app.get_by_placeholder("Search by product or SKU").fill("")
    app.get_by_label("Action").select_option("CREATE_PRODUCT")
    expect(app.get_by_text("Nothing matches these filters.")).to_be_visible()
    app.get_by_role("button", name=f"Price: {ROWS}").click()
    expect(app.get_by_role("row")).to_have_count(51)

    with admin.page.expect_download() as download:
        app.get_by_role("button", name="Export as CSV").click()
    file = tmp_path / "changes.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        exported = list(csv.DictReader(lines))
    assert len(exported) == ROWS
    assert {(row["field"], row["after"], row["outcome"]) for row in exported} == {
        ("PRICE", "11.50", "PLANNED")
    }
    assert len({row["sku"] for row in exported}) == ROWS
    assert control.mutations("see-near", "before the preview") == {}

    app.get_by_role("button", name="Sync now").click()
    expect(app.get_by_role("heading", name="Sync all", exact=True)).to_be_visible()
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()
    assert {
        variant["price"]
        for product in control.shop("see-near")["products"]
        for variant in product["variants"]
    } == {"11.50"}


@pytest.mark.usefixtures("by_hand")
def test_several_waiting_changes_are_decided_together(admin: Admin, control: Control) -> None:
    for handle in ("some-main", "some-near"):
        control.add_shop(handle)
        control.add_numbered(handle, 4)
    control.set_up("some-main", some_near={"products": "MATCHED"})
    for sku in ("P-1", "P-2", "P-3"):
        control.set_price("some-main", control.variant("some-main", sku)["id"], "1.00")
    control.sync("some-near")

    app = admin.open("some-near", "/jobs")
    app.get_by_role("link", name="Sync all").first.click()
    expect(app.get_by_role("row").filter(has_text="Waits for a decision")).to_have_count(3)
    boxes = app.get_by_role("row").get_by_role("checkbox")
    app.get_by_label("Choose all waiting changes on this page").check()
    expect(app.get_by_text("3 changes chosen")).to_be_visible()
    boxes.nth(2).uncheck()
    expect(app.get_by_text("2 changes chosen")).to_be_visible()
    admin.look("held-chosen")
    app.get_by_role("button", name="Reject the chosen").click()
    expect(app.get_by_role("row").filter(has_text="Rejected")).to_have_count(2)
    app.get_by_role("row").get_by_role("checkbox").check()
    app.get_by_role("button", name="Confirm the chosen").click()
    expect(app.get_by_role("heading", name="Confirmed changes", exact=True)).to_be_visible()
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()
    prices = sorted(
        variant["price"]
        for product in control.shop("some-near")["products"]
        for variant in product["variants"]
    )
    assert prices.count("1.00") == 1
