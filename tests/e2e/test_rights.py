"""Who may do what over a connection: mappings, pausing, lending rights, leaving and returning."""

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.e2e.admin import Admin
from tests.e2e.control import Control, stock

pytestmark = pytest.mark.e2e

STATE = "query($id: ID!) { connection(id: $id) { state pausedBy delegated permissions } }"
MAPPINGS = "query($id: ID!) { locationMappings(connectionId: $id) { main { name } dependent { name } } }"
LINKS = "query($id: ID!) { links(connectionId: $id) { nodes { mainProductId dependentProductId } } }"


def levels(control: Control, handle: str, sku: str) -> dict[str, int]:
    """Stock by the name of the location."""
    names = {place["id"]: place["name"] for place in control.shop(handle)["locations"]}
    return {
        names[place]: int(level["available"])
        for place, level in control.variant(handle, sku)["levels"].items()
    }


@pytest.mark.usefixtures("by_hand")
def test_mappings_are_added_changed_and_removed_and_saving_is_previewed(
    admin: Admin, control: Control
) -> None:
    control.add_shop("rights-main", locations=("Warehouse", "Store", "Old depot"))
    control.add_shop("rights-near", locations=("Front", "Back"))
    control.add_numbered("rights-main", 3)
    control.set_up("rights-main", rights_near={"products": "ALL"})
    control.close_location("rights-main", "Old depot")
    assert levels(control, "rights-near", "P-1")["Front"] == 5

    app = admin.open("rights-near", "/settings")
    expect(app.get_by_text("Default: Warehouse → Front")).to_be_visible()
    app.get_by_role("button", name="Add mapping").click()
    app.get_by_label("Location of the main shop").select_option(label="Warehouse")
    app.get_by_label("Location of the dependent shop").select_option(label="Back")
    app.get_by_role("button", name="Save mapping").click()
    expect(app.get_by_text("Warehouse → Back")).to_be_visible()
    expect(app.get_by_text("Default: Warehouse → Front")).to_have_count(0)
    control.wait_for(lambda: levels(control, "rights-near", "P-1").get("Back") == 5)

    # Changed in place; the main's other location is the one that is left to choose.
    app.get_by_role("button", name="Change the mapping of Warehouse").click()
    app.get_by_label("Location of the main shop").select_option(label="Store")
    admin.look("mapping-changed")
    app.get_by_role("button", name="Save mapping").click()
    expect(app.get_by_text("Store → Back")).to_be_visible()
    expect(app.get_by_text("Warehouse → Back")).to_have_count(0)
    control.wait_for(lambda: levels(control, "rights-near", "P-1").get("Back") == 0)

    # Removed: the default is back.
    app.get_by_role("button", name="Remove the mapping of Store").click()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_text("the default locations of both shops are used again")).to_be_visible()
    dialog.get_by_role("button", name="Remove").click()
    expect(app.get_by_text("Default: Warehouse → Front")).to_be_visible()
    assert control.query("rights-near", MAPPINGS, id=control.connection("rights-near")) == {
        "locationMappings": []
    }

    # What saving would change is seen first, then it is so.
    control.mark("before the buffer")
    app.get_by_label("Hold back").fill("2")
    expect(app.get_by_text("With 10 pieces in the main shop, the dependent shop shows 8.")).to_be_visible()
    admin.save()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_text("3 planned").first).to_be_visible()
    admin.look("save-preview")
    assert control.mutations("rights-near", "before the buffer") == {}
    dialog.get_by_role("button", name="Save and sync").click()
    control.wait_for(lambda: levels(control, "rights-near", "P-1")["Front"] == 3)
    admin.look("settings-dependent")


def test_leaving_with_changes_asks_and_an_overtaken_form_says_so(admin: Admin, control: Control) -> None:
    control.add_shop("guard-main")
    control.add_shop("guard-near")
    control.add_numbered("guard-main", 1)
    control.set_up("guard-main", guard_near={"products": "MATCHED"})
    app = admin.open("guard-near")
    app.get_by_role("link", name="Settings").first.click()
    app.get_by_label("Hold back").fill("4")
    leave = admin.page.locator("#leave")

    # By a link of the page, and by the browser's way back.
    app.get_by_role("link", name="Dashboard").first.click()
    expect(leave).to_be_visible()
    leave.get_by_role("button", name="Stay").click()
    expect(app.get_by_label("Hold back")).to_have_value("4")
    admin.page.evaluate("history.back()")
    expect(leave).to_be_visible()
    leave.get_by_role("button", name="Stay").click()
    expect(app.get_by_label("Hold back")).to_have_value("4")
    admin.page.evaluate("history.back()")
    leave.get_by_role("button", name="Leave").click()
    expect(app.get_by_role("heading", name="Sync state")).to_be_visible()
    app = admin.open("guard-near", "/settings")
    app.get_by_label("Hold back").fill("4")

    # Somebody saves in another window.
    control.choose("guard-near", stockBuffer=7)
    admin.save()
    app.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(app.get_by_text("Somebody else has saved these settings meanwhile")).to_be_visible()
    assert control.settings("guard-near")["stockBuffer"] == 7
    admin.look("settings-overtaken")
    app.get_by_role("button", name="Load the new settings").click()
    expect(app.get_by_label("Hold back")).to_have_value("7")
    expect(app.get_by_text("Somebody else has saved these settings meanwhile")).to_have_count(0)


def test_what_changes_during_a_pause_arrives_afterwards(admin: Admin, control: Control) -> None:
    control.add_shop("pause-main")
    control.add_shop("pause-near")
    control.add_numbered("pause-main", 2)
    control.set_up("pause-main", pause_near={"products": "ALL"})
    connection = control.connection("pause-near")

    app = admin.open("pause-near", "/settings")
    app.get_by_role("button", name="Pause").click()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_text("Nothing gets lost")).to_be_visible()
    admin.look("pause")
    dialog.get_by_role("button", name="Pause").click()
    expect(app.get_by_text("Paused by pause-near.myshopify.com")).to_be_visible()
    admin.look("paused")

    # The main sees it, and that it is not the one to go on.
    app = admin.open("pause-main", f"/connections/{connection}/settings")
    expect(app.get_by_text("Only pause-near.myshopify.com can resume")).to_be_visible()
    expect(app.get_by_role("button", name="Resume")).to_have_count(0)
    admin.look("paused-main")

    control.mark("while paused")
    control.set_price("pause-main", control.variant("pause-main", "P-1")["id"], "12.00")
    control.set_stock("pause-main", control.variant("pause-main", "P-2")["id"], 9)
    control.release_events()
    assert control.mutations("pause-near", "while paused") == {}
    assert control.variant("pause-near", "P-1")["price"] == "10.00"

    app = admin.open("pause-near", "/settings")
    app.get_by_role("button", name="Resume").first.click()
    expect(app.get_by_text("Paused by pause-near.myshopify.com")).to_have_count(0)
    control.wait_for(lambda: control.variant("pause-near", "P-1")["price"] == "12.00")
    control.wait_for(lambda: stock(control.variant("pause-near", "P-2")) == 9)
    app = admin.open("pause-near")
    expect(app.get_by_role("listitem").filter(has_text="sync was resumed").first).to_be_visible()


def delegate(admin: Admin, handle: str) -> FrameLocator:
    app = admin.open(handle, "/settings")
    app.get_by_role("button", name="Allow it").click()
    app.get_by_role("dialog").get_by_role("button", name="Allow it").click()
    expect(app.get_by_role("button", name="Take it back")).to_be_visible()
    return app


def buffers(control: Control, *handles: str) -> list[Any]:
    return [control.settings(handle)["stockBuffer"] for handle in handles]


def test_the_main_acts_for_dependents_that_let_it(admin: Admin, control: Control) -> None:
    control.add_shop("lend-main")
    for handle, currency in (("lend-near", "EUR"), ("lend-far", "GBP"), ("lend-shut", "EUR")):
        control.add_shop(handle, currency=currency)
        control.add_numbered(handle, 1)
    control.add_numbered("lend-main", 1)
    control.set_up(
        "lend-main",
        lend_near={"products": "MATCHED", "details": False},
        lend_far={"products": "MATCHED", "details": False, "priceRules": {"conversionRate": "0.86"}},
        lend_shut={"products": "MATCHED", "details": False},
    )
    near = control.connection("lend-near")

    # Read-only at first, and the way to ask.
    app = admin.open("lend-main", f"/connections/{near}/settings")
    expect(app.get_by_text("Only lend-near.myshopify.com can change these settings.")).to_be_visible()
    expect(app.get_by_label("Hold back")).to_be_disabled()
    expect(app.get_by_role("button", name="Add mapping")).to_have_count(0)
    admin.look("read-only")

    app = delegate(admin, "lend-near")
    admin.look("delegated")
    delegate(admin, "lend-far")

    # The main edits one, and the same in another one.
    app = admin.open("lend-main", f"/connections/{near}/settings")
    expect(app.get_by_text("lend-near.myshopify.com lets you act for it")).to_be_visible()
    app.get_by_label("Hold back").fill("2")
    admin.save()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_label("lend-shut.myshopify.com")).to_be_disabled()
    dialog.get_by_label("lend-far.myshopify.com").check()
    admin.look("save-for-others")
    dialog.get_by_role("button", name="Save and sync").click()
    expect(app.get_by_text("Saved for the other shops")).to_be_visible()
    assert buffers(control, "lend-near", "lend-far", "lend-shut") == [2, 2, 0]
    assert control.settings("lend-far")["priceRules"]["conversionRate"] == "0.86"

    # It copies what one has to the other: all but what is money there.
    app.get_by_label("Hold back").fill("3")
    app.get_by_label("Ending").fill("0.95")
    admin.save()
    app.get_by_role("dialog").get_by_role("button", name="Save and sync").click()
    expect(app.get_by_role("dialog")).to_have_count(0)
    app.get_by_role("button", name="Copy settings to…").click()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_text("Location mappings are not copied")).to_be_visible()
    dialog.get_by_label("lend-far.myshopify.com").check()
    admin.look("copy-settings")
    dialog.get_by_role("button", name="Copy settings").click()
    expect(dialog.get_by_text("The shops' currencies differ (EUR and GBP)")).to_be_visible()
    admin.look("copied-settings")
    dialog.get_by_role("button", name="Close").last.click()
    assert buffers(control, "lend-near", "lend-far") == [3, 3]
    rules = control.settings("lend-far")["priceRules"]
    assert (rules["conversionRate"], rules["ending"]) == ("0.86", None)

    # Taken back, it is over at once.
    app = admin.open("lend-near", "/settings")
    app.get_by_role("button", name="Take it back").click()
    expect(app.get_by_role("button", name="Allow it")).to_be_visible()
    app = admin.open("lend-main", f"/connections/{near}/settings")
    expect(app.get_by_text("Only lend-near.myshopify.com can change these settings.")).to_be_visible()
    expect(app.get_by_label("Hold back")).to_be_disabled()
    assert control.query("lend-main", STATE, id=near)["connection"]["delegated"] is False

    # In the main's list every dependent has its actions.
    app = admin.open("lend-main", "/settings")
    app.get_by_role("button", name="Actions for lend-near.myshopify.com").click()
    app.get_by_role("menuitem", name="Pause").click()
    app.get_by_role("dialog").get_by_role("button", name="Pause").click()
    expect(app.get_by_text("Paused", exact=True)).to_be_visible()
    admin.look("dependents")


def test_leaving_and_returning_keeps_links_settings_and_mappings(admin: Admin, control: Control) -> None:
    control.add_shop("return-main", locations=("Warehouse", "Store"))
    control.add_shop("return-near", locations=("Front", "Back"))
    control.add_numbered("return-main", 2)
    key = control.set_up("return-main", return_near={"products": "ALL", "stockBuffer": 1})
    connection = control.connection("return-near")
    app = delegate(admin, "return-near")
    app.get_by_role("button", name="Add mapping").click()
    app.get_by_label("Location of the main shop").select_option(label="Warehouse")
    app.get_by_label("Location of the dependent shop").select_option(label="Back")
    app.get_by_role("button", name="Save mapping").click()
    expect(app.get_by_text("Warehouse → Back")).to_be_visible()
    control.wait_for(lambda: levels(control, "return-near", "P-1").get("Back") == 4)
    before = control.settings("return-near")
    mappings = control.query("return-near", MAPPINGS, id=connection)
    links = control.query("return-near", LINKS, id=connection)
    assert len(links["links"]["nodes"]) == 2

    app.get_by_role("button", name="Disconnect").click()
    dialog = app.get_by_role("dialog")
    for stays in ("All products stay as they are.", "The links between products are kept.",
                  "Sync settings and location mappings are kept."):  # fmt: skip
        expect(dialog.get_by_text(stays)).to_be_visible()
    admin.look("disconnect-says")
    dialog.get_by_role("button", name="Disconnect").click()
    expect(app.get_by_label("Connection key")).to_be_visible()

    admin.reconnect(key)
    assert control.connection("return-near") == connection
    assert control.settings("return-near") == before
    assert control.query("return-near", MAPPINGS, id=connection) == mappings
    assert control.query("return-near", LINKS, id=connection) == links
    # What was lent has to be lent anew.
    assert control.query("return-near", STATE, id=connection)["connection"]["delegated"] is False


def test_the_page_in_german(admin: Admin, control: Control) -> None:
    control.add_shop("deutsch-main", locations=("Lager", "Laden"))
    control.add_shop("deutsch-near", currency="GBP", locations=("London",))
    control.add_numbered("deutsch-main", 1)
    control.set_up(
        "deutsch-main",
        deutsch_near={"products": "ALL", "priceRules": {"conversionRate": "0.86", "percent": "5"}},
    )
    admin.choose_language("deutsch-near", "de")
    app = admin.open("deutsch-near", "/settings")
    expect(app.get_by_text("Umgerechnet × 0,86")).to_be_visible()
    app.get_by_label("Preis im Hauptshop").fill("100")
    expect(app.get_by_text("100,00 € → 90,30 £")).to_be_visible()
    app.get_by_role("button", name="Welche Details").click()
    expect(app.get_by_role("group", name="Texte und Suchmaschinen")).to_be_visible()
    admin.look("settings-german")
