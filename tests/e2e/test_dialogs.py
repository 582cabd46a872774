"""Every dialog in German, whose words are the longest, and for everybody to use."""

import re

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from tests.e2e.admin import Admin
from tests.e2e.control import Control
from tests.e2e.test_language import english_words_on
from tests.e2e.words import filled, words

pytestmark = pytest.mark.e2e

DE = words("de")
TEAPOT = "Teekanne aus Gusseisen mit Stövchen und sechs Bechern"


class Dialogs:
    """Opens one dialog after the other, looks at it, and closes it again."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def look(self, name: str, opener: Locator) -> Locator:
        opener.click()
        dialog = self._admin.app.get_by_role("dialog")
        expect(dialog).to_be_visible()
        self._admin.look(f"dialog-{name}")
        assert english_words_on(self._admin.frame) == []
        return dialog

    def close(self) -> None:
        self._admin.page.keyboard.press("Escape")
        expect(self._admin.app.get_by_role("dialog")).to_have_count(0)


@pytest.fixture
def dialogs(admin: Admin) -> Dialogs:
    return Dialogs(admin)


def button(app: FrameLocator, key: str, **gaps: str) -> Locator:
    return app.get_by_role("button", name=filled(DE[key], **gaps), exact=True)


def two_shops(admin: Admin, control: Control, name: str) -> tuple[str, str]:
    """A main and a dependent, linked but for one product, with a price that the sync has written."""
    main, near = f"{name}-hauptgeschaeft", f"{name}-zweigstelle-muenchen"
    for handle in (main, near):
        control.add_shop(handle, locations=("Lager", "Laden"))
        control.add_numbered(handle, 2)
    control.add_product(main, TEAPOT, sku="K-1")
    control.add_product(near, "Gusseiserne Teekanne, Set für sechs Personen", sku="M-77")
    control.set_price(main, control.variant(main, "P-1")["id"], "12.50")
    control.set_up(main, **{near.replace("-", "_"): {"products": "MATCHED"}})
    for handle in (main, near):
        admin.choose_language(handle, "de")
    return main, near


@pytest.mark.usefixtures("by_hand")
def test_dialogs_of_a_main(admin: Admin, control: Control, dialogs: Dialogs) -> None:
    main, near = two_shops(admin, control, "eins")
    app = admin.open(main)
    dialogs.look("invite", button(app, "shops.add"))
    dialogs.close()

    app = admin.open(main, "/settings")
    dialogs.look("rotate", button(app, "key.rotate"))
    dialogs.close()

    app = admin.open(main, "/api-access")
    dialog = dialogs.look("create-token", button(app, "apiAccess.create"))
    dialog.get_by_label(DE["apiAccess.name"]).fill("Warenwirtschaft")
    dialog.get_by_role("button", name=DE["apiAccess.create"]).click()
    button(app, "apiAccess.newDone").click()
    dialogs.look("revoke-token", button(app, "apiAccess.revokeOf", name="Warenwirtschaft"))
    dialogs.close()

    app = admin.open(main, f"/connections/{control.connection(near)}/settings")
    expect(app.get_by_text(f"{main}.myshopify.com → {near}.myshopify.com")).to_be_visible()
    admin.look("german-connection-main")
    dialogs.look("copy", button(app, "rights.copy.menu"))
    dialogs.close()


@pytest.mark.usefixtures("by_hand")
def test_dialogs_of_a_dependent(admin: Admin, control: Control, dialogs: Dialogs) -> None:
    _, near = two_shops(admin, control, "zwei")
    app = admin.open(near, "/settings")
    dialogs.look("pause", button(app, "rights.pause.pause"))
    dialogs.close()
    dialogs.look("disconnect", button(app, "connection.disconnect"))
    dialogs.close()
    dialogs.look("delegate", button(app, "rights.delegation.give"))
    dialogs.close()
    app.get_by_role("button", name=DE["selection.none"]).click()
    pick = filled(DE["choosing.pickFor"], label=DE["choosing.include"])
    dialogs.look("picker", app.get_by_role("button", name=pick))
    dialogs.close()
    app.get_by_label(DE["stock.buffer"]).fill("2")
    admin.page.get_by_role("button", name=DE["settings.save"], exact=True).click()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile(r"\d+\sgeplant")).first).to_be_visible()
    admin.look("dialog-save-preview")
    assert english_words_on(admin.frame) == []
    dialogs.close()

    app = admin.open(near, "/products?tab=unlinked")
    dialogs.look("link-by-hand", button(app, "unlinked.linkOf", title=TEAPOT))
    dialogs.close()

    app = admin.open(near, "/products?tab=links")
    app.get_by_role("link", name="Product 1", exact=True).click()
    dialogs.look(
        "trace", app.get_by_role("button", name=re.compile(rf"^{DE['trace.why'][:-1]}.*Preis")).first
    )
    dialogs.close()

    app = admin.open(near)
    app.get_by_role("listitem").get_by_role("link").filter(has_text=DE["job.kind.SYNC_ALL"]).first.click()
    expect(app.get_by_role("heading", name=DE["changes.title"])).to_be_visible()
    # The job's own, above those of its changes.
    dialogs.look("undo-job", button(app, "job.action.undo").first)
    dialogs.close()
