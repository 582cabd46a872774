"""The main job from end to end: a main shop, two dependents, one click, then a price that changes."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.e2e.admin import Admin
from tests.e2e.control import CONNECT, Control
from tests.oracle.compare import differences

pytestmark = pytest.mark.e2e

SLOW = 1.0
"""Seconds for an answer: so that a slow browser, too, sees progress that passes."""
ABROAD = {
    "products": "ALL",
    "priceRules": {"conversionRate": "0.85", "ending": "0.99"},
}


@pytest.mark.usefixtures("by_hand")
def test_a_newcomer_brings_two_dependents_in_step_and_one_price_after_that(
    admin: Admin, control: Control
) -> None:
    control.add_shop("story-main", locations=("Warehouse", "Store"))
    control.add_catalogue("story-main", 24, seed=7, locations=2)
    control.add_shop("story-near")
    control.add_catalogue("story-near", 12, seed=7)
    control.add_shop("story-far", currency="GBP")

    control.set_latency(0.1)  # as far away as Shopify is

    key = admin.set_up_main("story-main")
    admin.look("main-key")

    # The first dependent by hand: its settings are previewed, then saved, then the first sync starts.
    app = admin.set_up_dependent("story-near", key)
    app.get_by_text("All products of the main shop").click()
    admin.look("settings-first")
    control.mark("before the first sync")
    admin.save()
    expect(app.get_by_text("What these settings would change")).to_be_visible()
    expect(app.get_by_text("Waits for a decision").or_(app.get_by_text("Planned")).first).to_be_visible()
    admin.look("settings-preview")
    assert control.mutations("story-near", "before the first sync") == {}
    control.set_latency(SLOW)
    app.get_by_role("button", name="Save and sync").click()
    expect(app.get_by_role("progressbar").first).to_be_visible()
    control.set_latency(0.1)
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()
    admin.look("job-done")

    # The second one as a program would.
    admin.open("story-far").get_by_role("button", name="This is a dependent shop").click()
    expect(admin.app.get_by_label("Connection key")).to_be_visible()
    control.command("story-far", CONNECT, key=key)
    control.choose("story-far", **ABROAD)

    app = admin.open("story-main")
    expect(app.get_by_text("story-near.myshopify.com").first).to_be_visible()
    expect(app.get_by_text("story-far.myshopify.com").first).to_be_visible()
    control.set_latency(SLOW)
    app.get_by_role("button", name="Sync all", exact=True).click()
    expect(app.get_by_role("progressbar").nth(1)).to_be_visible()
    admin.look("dashboard-running")
    control.set_latency(0.1)
    expect(app.get_by_text(re.compile(r"Last fully in sync .*")).nth(1)).to_be_visible(timeout=90_000)
    admin.look("dashboard-done")

    main = control.shop("story-main")
    for dependent in ("story-near", "story-far"):
        assert differences(main, control.shop(dependent), control.settings(dependent)) == []

    # One price changes. Its preview says so and writes nothing; the sync writes it once in each shop.
    variants = [each for product in main["products"] for each in product["variants"]]
    variant = next(each for each in variants if each["compareAtPrice"] is None)
    price = f"{Decimal(variant['price']) + 1:.2f}"
    control.set_price("story-main", variant["id"], price)
    control.mark("before the price")
    app = admin.open("story-near")
    app.get_by_role("button", name="Preview").first.click()
    expect(app.get_by_text("This is a preview. Nothing has been changed.")).to_be_visible()
    expect(app.get_by_role("row")).to_have_count(2)
    expect(app.get_by_role("row").nth(1)).to_contain_text(f"€{price}")
    admin.look("preview")
    assert control.mutations("story-near", "before the price") == {}

    app = admin.open("story-main")
    app.get_by_role("button", name="Sync all", exact=True).click()
    main = control.shop("story-main")
    expect(app.get_by_text("1 applied").nth(1)).to_be_visible(timeout=60_000)
    for dependent in ("story-near", "story-far"):
        assert control.mutations(dependent, "before the price") == {"productVariantsBulkUpdate": 1}
        assert differences(main, control.shop(dependent), control.settings(dependent)) == []
    assert control.mutations("story-main", "before the price") == {}

    # Undone in one shop, it stays undone when everything is synced again.
    app = admin.open("story-near", "/jobs")
    app.get_by_role("link", name="Sync all").first.click()
    app.get_by_role("button", name="Undo", exact=True).first.click()
    app.get_by_role("dialog").get_by_role("button", name=re.compile("^Undo")).click()
    expect(app.get_by_role("heading", name="Undo", exact=True)).to_be_visible()
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()
    expect(app.get_by_role("row")).to_have_count(2)
    expect(app.get_by_role("row").nth(1)).to_contain_text(f"€{variant['price']}")
    admin.look("undo-done")
    control.mark("after the undo")
    near = admin.open("story-near")
    near.get_by_role("button", name="Sync all", exact=True).click()
    newest = near.get_by_role("listitem").filter(has=near.get_by_role("link", name="Sync all")).first
    expect(newest).to_contain_text("Everything was already in sync")
    assert control.mutations("story-near", "after the undo") == {}
    assert control.variant("story-near", variant["sku"])["price"] == variant["price"]

    # And when the shops tell what happened in them meanwhile.
    control.release_events()
    [edited] = [
        product["id"]
        for product in main["products"]
        if any(each["id"] == variant["id"] for each in product["variants"])
    ]
    control.edit_product("story-main", edited, vendor="Another vendor")

    def told() -> bool:
        shops = [control.shop(dependent)["products"] for dependent in ("story-near", "story-far")]
        return all(any(each["vendor"] == "Another vendor" for each in products) for products in shops)

    control.wait_for(told)
    assert control.variant("story-near", variant["sku"])["price"] == variant["price"]
    assert (
        differences(control.shop("story-main"), control.shop("story-far"), control.settings("story-far"))
        == []
    )
