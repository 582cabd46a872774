"""From the first open to the dashboard: a main with its key and invitations, its dependents by either way."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.admin import Admin
from tests.e2e.control import Control
from tests.e2e.test_language import english_words_on

pytestmark = pytest.mark.e2e

WAITING = "{ invitations(filter: { states: [PENDING] }) { nodes { id } } }"
ACCEPT = "mutation($id: ID!) { acceptInvitation(id: $id) { userErrors { code } } }"
CONNECTIONS = "{ connections { nodes { state main { domain } syncSettings { version } } } }"
ROLE = "{ shop { role } }"


def connections(control: Control, handle: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = control.query(handle, CONNECTIONS)["connections"]["nodes"]
    return found


def row_of(admin: Admin, shop: str) -> Locator:
    """The line of an invitation, found by its button."""
    return admin.app.get_by_role("button", name=f"Resend the invitation to {shop}.myshopify.com")


def test_a_main_invites_shops_and_each_answers_in_its_own_way(admin: Admin, control: Control) -> None:
    for handle in ("on-main", "on-near", "on-late"):
        control.add_shop(handle)
    control.add_numbered("on-main", 2)
    control.add_numbered("on-near", 2)

    # The main: its role, its key, its invitations. A reload leads back to the same step.
    app = admin.open("on-main")
    expect(app.get_by_role("heading", name="Welcome to Multi-Store Sync")).to_be_visible()
    admin.look("setup-role")
    app.get_by_role("button", name="This is the main shop").click()
    expect(app.get_by_label("Connection key")).to_have_value(re.compile("mss_.+"))
    admin.look("setup-key")
    app.get_by_role("button", name="Back").or_(app.get_by_role("link", name="Back")).click()
    expect(app.get_by_text("Chosen now")).to_be_visible()
    admin.look("setup-role-again")
    app.get_by_role("button", name="This is the main shop").click()
    app.get_by_role("link", name="Next: invite shops").click()
    expect(app.get_by_role("heading", name="Invite your other shops")).to_be_visible()
    focused = "document.activeElement.textContent.startsWith('Invite your other shops')"
    control.wait_for(lambda: bool(admin.frame.evaluate(focused)))
    admin.page.reload()
    expect(app.get_by_role("heading", name="Invite your other shops")).to_be_visible()

    # Left and opened again, it goes on at the step that was reached.
    admin.page.goto("about:blank")
    app = admin.open("on-main")
    expect(app.get_by_role("heading", name="Invite your other shops")).to_be_visible()

    app.get_by_role("button", name="Send invitations").click()
    expect(app.get_by_text("Enter the address of a shop.")).to_be_visible()
    app.get_by_label("Address of shop 1").fill("https://on-near.myshopify.com/admin/products")
    app.get_by_label("Address of shop 2").fill("shop.example.com")
    app.get_by_label("Address of shop 3").fill(" ON-LATE.myshopify.com")
    app.get_by_label("Address of shop 4").fill("on-near.myshopify.com")
    app.get_by_role("button", name="Send invitations").click()
    expect(app.get_by_text("2 addresses could not be used.")).to_be_visible()
    wrong = app.get_by_label("Address of shop 1")
    expect(wrong).to_have_value("shop.example.com")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_accessible_description(re.compile("its address that ends in .myshopify.com"))
    expect(app.get_by_label("Address of shop 2")).to_have_accessible_description(
        "This shop is already in the list. Remove the double entry."
    )
    expect(row_of(admin, "on-near")).to_be_visible()
    expect(row_of(admin, "on-late")).to_be_visible()
    admin.look("setup-invite-wrong")
    app.get_by_role("button", name="Remove shop 2").click()
    app.get_by_role("button", name="Remove shop 1").click()
    expect(app.get_by_text("could not be used")).to_have_count(0)
    admin.page.reload()
    expect(row_of(admin, "on-late")).to_be_visible()
    app.get_by_role("link", name="Go to the dashboard").click()
    expect(app.get_by_role("heading", name="Connect your first shop")).to_be_visible()
    expect(app.get_by_text("Invited", exact=True)).to_have_count(2)
    admin.look("dashboard-invited")

    # One shop opens the app for the first time: who invites it is the first thing it sees.
    app = admin.open("on-near")
    expect(app.get_by_role("heading", name=re.compile("invites this shop"))).to_be_visible()
    expect(app.get_by_text("on-main.myshopify.com")).to_be_visible()
    admin.look("setup-invitation")
    app.get_by_role("button", name="Accept the invitation").click()
    expect(app.get_by_role("heading", name="What should this shop receive?")).to_be_visible()
    expect(app.get_by_role("group", name="Which products")).to_be_visible()
    admin.page.reload()
    expect(app.get_by_role("heading", name="What should this shop receive?")).to_be_visible()
    admin.look("setup-sync")
    control.mark("skipped")
    app.get_by_role("link", name="Choose later").click()
    expect(app.get_by_text("Nothing changes in on-near.myshopify.com until you choose")).to_be_visible()
    assert connections(control, "on-near") == [
        {"state": "ACTIVE", "main": {"domain": "on-main.myshopify.com"}, "syncSettings": None}
    ]
    assert control.mutations("on-near", "skipped") == {}

    # The other one declines, and is asked for its role then.
    app = admin.open("on-late")
    app.get_by_role("button", name="Decline the invitation").click()
    dialog = app.get_by_role("dialog")
    admin.look("setup-decline")
    dialog.get_by_role("button", name="Decline", exact=True).click()
    expect(app.get_by_role("button", name="This is a dependent shop")).to_be_visible()
    assert control.query("on-late", ROLE)["shop"]["role"] is None

    # The main sees both answers, asks again, and changes its mind.
    app = admin.open("on-main")
    expect(app.get_by_role("heading", name="Sync state")).to_be_visible()
    expect(app.get_by_text("Invited", exact=True)).to_have_count(0)
    app = admin.open("on-main", "/settings")
    expect(app.get_by_text("Accepted", exact=True)).to_be_visible()
    expect(app.get_by_text("Declined", exact=True)).to_be_visible()
    row_of(admin, "on-late").click()
    expect(app.get_by_text(re.compile("Sent 2 times"))).to_be_visible()
    expect(app.get_by_text("The app is installed there, the answer is still missing.")).to_be_visible()
    admin.look("settings-main-invitations")
    app.get_by_role("button", name="Withdraw the invitation to on-late").click()
    app.get_by_role("dialog").get_by_role("button", name="Withdraw", exact=True).click()
    expect(app.get_by_text("Withdrawn", exact=True)).to_be_visible()
    app = admin.open("on-late")
    expect(app.get_by_role("button", name="This is a dependent shop")).to_be_visible()
    expect(app.get_by_text("invites this shop")).to_have_count(0)


def test_a_key_that_was_replaced_connects_nobody_and_an_invitation_still_does(
    admin: Admin, control: Control
) -> None:
    control.add_shop("key-main")
    control.add_shop("key-near")
    control.add_shop("key-third")
    old = control.set_up("key-main")
    app = admin.open("key-near")
    app.get_by_role("button", name="This is a dependent shop").click()
    expect(app.get_by_role("heading", name="Connect with your main shop")).to_be_visible()
    expect(app.get_by_label("Address of this shop")).to_have_value("key-near.myshopify.com")

    # The main has a role and nothing else: the rest of the set-up is there until it is put off.
    app = admin.open("key-main")
    expect(app.get_by_role("heading", name="Connect your other shops with this key")).to_be_visible()
    app.get_by_role("link", name="Do this later").click()

    expect(app.get_by_role("button", name="Add a shop")).to_be_visible()

    # It invites from its dashboard, in another browser too; who accepts appears there by itself.
    admin.frame.evaluate("window.localStorage.clear()")
    app = admin.open("key-main")
    app.get_by_role("button", name="Add a shop").click()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_label("Connection key")).to_have_value(old)
    dialog.get_by_label("Address of shop 1").fill("admin.shopify.com/store/key-near")
    dialog.get_by_label("Address of shop 2").fill("key-main.myshopify.com")
    dialog.get_by_role("button", name="Send invitations").click()
    expect(dialog.get_by_label("Address of shop 1")).to_have_accessible_description(
        re.compile("This is the address of this very shop")
    )
    admin.look("dashboard-invite")
    dialog.get_by_label("Address of shop 1").fill("key-third.myshopify.com")
    dialog.get_by_role("button", name="Send invitations").click()
    expect(dialog).to_have_count(0)
    expect(app.get_by_text("Invited", exact=True)).to_have_count(2)
    control.install("key-third")
    [third] = control.query("key-third", WAITING)["invitations"]["nodes"]
    control.command("key-third", ACCEPT, id=third["id"])
    expect(app.get_by_text("Invited", exact=True)).to_have_count(1)
    expect(app.get_by_role("heading", name="Sync state")).to_be_visible()

    app = admin.open("key-main", "/settings")
    app.get_by_role("button", name="Replace the key").click()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_text("The current key stops working at once")).to_be_visible()
    admin.look("settings-rotate")
    dialog.get_by_role("button", name="Replace the key").click()
    expect(dialog).to_have_count(0)
    expect(app.get_by_label("Connection key")).not_to_have_value(old)

    app = admin.open("key-near", "/settings")
    expect(app.get_by_role("heading", name=re.compile("invites this shop"))).to_be_visible()
    app.get_by_label("Connection key").fill(old)
    app.get_by_role("button", name="Connect", exact=True).click()
    expect(app.get_by_label("Connection key")).to_have_accessible_description(
        re.compile("This key is not valid")
    )
    admin.look("settings-unconnected")
    app = admin.open("key-near")
    expect(app.get_by_role("heading", name="Connect with your main shop")).to_be_visible()
    app.get_by_role("link", name="Do this later").click()
    expect(app.get_by_role("heading", name=re.compile("invites this shop"))).to_be_visible()
    admin.look("dashboard-unconnected")
    app.get_by_role("button", name="Accept the invitation").click()
    expect(app.get_by_role("heading", name="What should this shop receive?")).to_be_visible()
    assert len(connections(control, "key-near")) == 1


def test_a_dependent_that_comes_first_waits_for_its_main_in_german(admin: Admin, control: Control) -> None:
    control.add_shop("zuerst-nah")
    control.add_shop("zuerst-main")
    control.add_numbered("zuerst-main", 2)
    admin.choose_language("zuerst-nah", "de")
    app = admin.open("zuerst-nah")
    expect(app.get_by_role("heading", name="Willkommen bei Multi-Store Sync")).to_be_visible()
    admin.look("german-setup-role")
    assert english_words_on(admin.frame) == []
    app.get_by_role("button", name="Das ist ein abhängiger Shop").click()
    expect(app.get_by_role("heading", name="Ihr Hauptshop ist noch nicht eingerichtet?")).to_be_visible()
    app.get_by_role("button", name="Verbinden", exact=True).click()
    expect(app.get_by_text("Geben Sie den Verbindungsschlüssel ein.")).to_be_visible()
    app.get_by_label("Verbindungsschlüssel").fill("mss_kennt_niemand")
    app.get_by_role("button", name="Verbinden", exact=True).click()
    expect(app.get_by_text(re.compile("Dieser Schlüssel .* nicht"))).to_be_visible()
    admin.look("german-setup-connect")
    assert english_words_on(admin.frame) == []

    # The main comes second; the dependent has gone elsewhere meanwhile and finds its step again.
    key = control.set_up("zuerst-main")
    app = admin.open("zuerst-nah")
    app.get_by_label("Verbindungsschlüssel").fill(f" {key.upper()} ")
    app.get_by_role("button", name="Verbinden", exact=True).click()
    expect(app.get_by_role("heading", name="Was soll dieser Shop erhalten?")).to_be_visible()
    admin.look("german-setup-sync")
    assert english_words_on(admin.frame) == []
    app.get_by_text("Alle Produkte des Hauptshops").click()
    app.get_by_role("button", name="Ansehen, was sich ändern würde").click()
    app.get_by_role("dialog").get_by_role("button", name="Speichern und synchronisieren").click()
    expect(app.get_by_role("heading", name="Synchronisierungsstatus")).to_be_visible()
    control.wait_for(lambda: len(control.shop("zuerst-nah")["products"]) == 2)
    admin.look("german-dashboard")
    admin.open("zuerst-nah", "/setup/sync")  # an old address leads on
    expect(app.get_by_role("heading", name="Synchronisierungsstatus")).to_be_visible()
