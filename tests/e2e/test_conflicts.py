"""Products that no rule can match for certain: a person says which is which."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.admin import Admin
from tests.e2e.control import Control

pytestmark = pytest.mark.e2e


def test_doubtful_products_are_linked_created_or_ignored_by_hand(admin: Admin, control: Control) -> None:
    control.add_shop("doubt-main")
    control.add_shop("doubt-near")
    for name in ("Lamp", "Chair", "Table"):
        sku = name.upper()
        control.add_product("doubt-main", name, sku=sku, price="12.00")
        control.add_product("doubt-near", f"{name} old", sku=sku)
        control.add_product("doubt-near", f"{name} new", sku=sku)
    control.add_product("doubt-main", "Plain", sku="PLAIN")
    control.add_product("doubt-near", "Plain", sku="PLAIN")
    control.mark("before the doubts")
    control.set_up("doubt-main", doubt_near={"products": "ALL", "fields": ["TITLE"]})
    assert control.mutations("doubt-near", "before the doubts") == {}

    app = admin.open("doubt-near")
    expect(app.get_by_text("3 products to resolve")).to_be_visible()
    app.get_by_role("link", name="Resolve").click()
    items = app.get_by_role("listitem")
    expect(items).to_have_count(3)
    expect(items.filter(has_text="SKU twice in the dependent shop")).to_have_count(3)
    expect(app.get_by_role("button", name="Create as new")).to_have_count(3)
    expect(items.filter(has_text="Lamp")).to_contain_text("Lamp old")
    admin.look("conflicts")

    def item(name: str) -> Locator:
        return items.filter(has=app.get_by_role("heading", name=name, exact=True))

    # Lamp: it is the new one.
    item("Lamp").get_by_role("button", name="Link to …").click()
    dialog = app.get_by_role("dialog")
    dialog.get_by_text("Lamp new", exact=True).click()
    admin.look("conflict-link")
    dialog.get_by_role("button", name="Link", exact=True).click()
    expect(item("Lamp")).to_have_count(0)
    expect(app.get_by_role("tab", name="To resolve")).to_contain_text("2")

    # Chair: none of them.
    item("Chair").get_by_role("button", name="Create as new").click()
    expect(item("Chair")).to_have_count(0)

    # Table: not now; then taken up again.
    item("Table").get_by_role("button", name="Ignore").click()
    expect(item("Table")).to_have_count(0)
    app.get_by_label("Show").select_option("IGNORED")
    item("Table").get_by_role("button", name="Reopen").click()
    expect(item("Table")).to_have_count(0)
    app.get_by_label("Show").select_option("OPEN")
    expect(item("Table")).to_be_visible()

    control.sync("doubt-near")
    prices = sorted(
        (product["title"], product["variants"][0]["price"])
        for product in control.shop("doubt-near")["products"]
    )
    assert prices == [
        ("Chair", "12.00"),
        ("Chair new", "10.00"),
        ("Chair old", "10.00"),
        ("Lamp", "12.00"),
        ("Lamp old", "10.00"),
        ("Plain", "10.00"),
        ("Table new", "10.00"),
        ("Table old", "10.00"),
    ]
    app = admin.open("doubt-near", "/products?tab=links")
    expect(items).to_have_count(3)
    expect(items.filter(has_text="Lamp")).to_contain_text("Manually")
    expect(items.filter(has_text="Chair")).to_contain_text("Created by the app")
    expect(items.filter(has_text="Plain")).to_contain_text("By SKU")
    admin.look("links")
