"""What a dependent chooses is what happens: locations, price rules, prices alone; leaving and returning."""

import pytest
from playwright.sync_api import expect

from tests.e2e.admin import Admin
from tests.e2e.control import Control

pytestmark = pytest.mark.e2e

LINKS = """
query($id: ID!) { links(connectionId: $id) { nodes { mainProductId dependentProductId } } }
"""


@pytest.mark.usefixtures("by_hand")
def test_prices_alone_follow_their_rules_and_a_mapping_leads_stock_to_its_place(
    admin: Admin, control: Control
) -> None:
    control.add_shop("choice-main", locations=("Warehouse", "Store"))
    control.add_shop("choice-near", locations=("Front", "Back"))
    control.add_numbered("choice-main", 4)
    for number in range(1, 4):
        control.add_product("choice-near", f"Own title {number}", sku=f"P-{number}", price="9.00")
    control.set_up("choice-main", choice_near={"products": "MATCHED", "details": True})
    for product in control.shop("choice-near")["products"]:
        assert product["title"].startswith("Product")
    before = control.shop("choice-near")

    # Only prices, a tenth dearer, ending in .95; what is typed shows its effect at once.
    app = admin.open("choice-near", "/settings")
    app.get_by_label("Product details").uncheck()
    app.get_by_label("Quantities").uncheck()
    app.get_by_label("Percentage").fill("10")
    expect(app.get_by_text("€24.50 → €26.95")).to_be_visible()
    app.get_by_label("Ending").fill("1.5")
    expect(app.get_by_text("Enter a fraction from 0 to 0.99.")).to_be_visible()
    app.get_by_label("Ending").fill("0.95")
    expect(app.get_by_text("€9.90 → €10.95")).to_be_visible()
    admin.look("settings-prices")
    title_changed = control.shop("choice-main")["products"][0]
    control.edit_product("choice-main", title_changed["id"], title="Another title")
    control.mark("before the rules")
    admin.save()
    expect(app.get_by_role("dialog").get_by_text("3 planned").first).to_be_visible()
    app.get_by_role("button", name="Save and sync").click()
    expect(app.get_by_role("dialog")).to_have_count(0)
    app = admin.open("choice-near")
    expect(app.get_by_role("listitem").filter(has_text="settings were changed").first).to_contain_text(
        "3 applied"
    )
    assert set(control.mutations("choice-near", "before the rules")) == {"productVariantsBulkUpdate"}
    after = control.shop("choice-near")
    for old, new in zip(before["products"], after["products"], strict=True):
        changed = {name for name in old if old[name] != new[name]} - {"updatedAt"}
        assert changed == {"variants"}
        [was], [now] = old["variants"], new["variants"]
        assert {name for name in was if was[name] != now[name]} == {"price"}
        assert now["price"] == "10.95"

    # The stock of the main's store goes to the place at the back.
    control.choose("choice-near", quantities=True)
    app = admin.open("choice-near", "/settings")
    expect(app.get_by_text("Default: Warehouse → Front")).to_be_visible()
    app.get_by_role("button", name="Add mapping").click()
    app.get_by_label("Location of the main shop").select_option(label="Warehouse")
    app.get_by_label("Location of the dependent shop").select_option(label="Back")
    app.get_by_role("button", name="Save mapping").click()
    expect(app.get_by_text("Warehouse → Back")).to_be_visible()
    expect(app.get_by_text("Default: Warehouse → Front")).to_have_count(0)
    admin.look("settings-mapping")
    control.sync("choice-near")
    places = {place["id"]: place["name"] for place in after["locations"]}
    for product in control.shop("choice-near")["products"]:
        levels = product["variants"][0]["levels"]
        assert {places[place]: level["available"] for place, level in levels.items()} == {
            "Front": 5,
            "Back": 5,
        }

    # What happens by itself from now on keeps to the same choices.
    control.release_events()
    control.set_price("choice-main", title_changed["variants"][0]["id"], "11.00")
    control.wait_for(lambda: control.variant("choice-near", "P-1")["price"] == "11.95")
    [first, *_] = control.shop("choice-near")["products"]
    assert first["title"] == title_changed["title"] != "Another title"


def test_a_shop_leaves_with_its_products_and_returns_to_its_links(admin: Admin, control: Control) -> None:
    control.add_shop("leave-main")
    control.add_shop("leave-near")
    control.add_numbered("leave-main", 3)
    key = control.set_up("leave-main", leave_near={"products": "ALL"})
    links = control.query("leave-near", LINKS, id=control.connection("leave-near"))["links"]["nodes"]
    assert len(links) == 3
    products = control.shop("leave-near")["products"]
    control.mark("before leaving")

    app = admin.open("leave-main", "/settings")
    admin.look("settings-main")
    app.get_by_role("link", name="Settings of leave-near.myshopify.com").click()
    expect(app.get_by_text("Only leave-near.myshopify.com can change these settings.")).to_be_visible()
    admin.look("settings-read-only")

    app = admin.open("leave-near", "/settings")
    app.get_by_role("button", name="Disconnect").click()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_text("All products stay as they are.")).to_be_visible()
    admin.look("disconnect")
    dialog.get_by_role("button", name="Disconnect").click()
    expect(app.get_by_label("Connection key")).to_be_visible()
    admin.look("disconnected")
    admin.reconnect(key)
    control.sync("leave-near")
    again = control.query("leave-near", LINKS, id=control.connection("leave-near"))["links"]["nodes"]
    assert again == links
    assert control.mutations("leave-near", "before leaving") == {}
    assert control.shop("leave-near")["products"] == products


@pytest.mark.usefixtures("by_hand")
def test_single_products_are_picked_by_hand(admin: Admin, control: Control) -> None:
    control.add_shop("pick-main")
    control.add_shop("pick-near")
    control.add_numbered("pick-main", 12)
    control.set_up("pick-main", pick_near={"products": "ALL"})
    numbered = {product["title"]: product["id"] for product in control.shop("pick-main")["products"]}

    app = admin.open("pick-near", "/settings")
    app.get_by_role("button", name="All products are synced").click()
    app.get_by_role("button", name="Choose products: Products excluded individually").click()
    dialog = app.get_by_role("dialog")
    dialog.get_by_label("Product 2", exact=True).check()
    dialog.get_by_label("Search the main shop's products by title or SKU").fill("p-12")
    expect(dialog.get_by_role("checkbox")).to_have_count(1)
    dialog.get_by_label("Product 12").check()
    expect(dialog.get_by_text("2 products chosen")).to_be_visible()
    admin.look("product-picker")
    dialog.get_by_role("button", name="Done").click()
    expect(app.get_by_text("Product 12")).to_be_visible()
    app.get_by_role("button", name="Remove Product 2", exact=True).click()
    expect(app.get_by_text("Product 2", exact=True)).to_have_count(0)
    admin.look("products-picked")
    admin.save()
    app.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(app.get_by_role("dialog")).to_have_count(0)

    connection = control.connection("pick-near")
    chosen = "query($id: ID!) { syncSettings(connectionId: $id) { selection { excludeProductIds } } }"
    assert control.query("pick-near", chosen, id=connection)["syncSettings"]["selection"] == {
        "excludeProductIds": [numbered["Product 12"]]
    }
    # What is left out is not synced any more, and stays there.
    control.set_price("pick-main", control.variant("pick-main", "P-12")["id"], "12.00")
    control.set_price("pick-main", control.variant("pick-main", "P-2")["id"], "11.00")
    control.sync("pick-near")
    assert control.variant("pick-near", "P-2")["price"] == "11.00"
    assert control.variant("pick-near", "P-12")["price"] == "10.00"
