"""What a dependent changes itself: told, kept or given up, and repaired when a person wants it."""

import asyncio
import threading

import asyncpg
import pytest
from playwright.sync_api import expect

from dev.stack import Stack
from tests.e2e.admin import Admin
from tests.e2e.control import Control

pytestmark = pytest.mark.e2e

SETTINGS = {"products": "MATCHED", "details": True, "localEditsDetails": "KEEP_LOCAL"}


def check(stack: Stack) -> None:
    """Have all that is linked checked, as if nothing had been yet."""

    async def forget() -> None:
        client = await asyncpg.connect(stack.urls.database.replace("asyncpg://", "postgresql://"))
        await client.execute("UPDATE product_link SET checked_at = NULL")
        await client.close()

    # The browser's own loop runs in this thread.
    other = threading.Thread(target=lambda: asyncio.run(forget()))
    other.start()
    other.join()
    stack.restart("scheduler")  # It begins with the checks that are due.


def test_a_difference_is_told_and_repaired_and_an_edit_is_kept_until_mains_value_is_wanted(
    admin: Admin, control: Control, stack: Stack
) -> None:
    control.add_shop("parity-main")
    control.add_shop("parity-twin")
    for handle in ("parity-main", "parity-twin"):
        control.add_numbered(handle, 3)
    control.set_up("parity-main", parity_twin=SETTINGS)
    [sold, edited, _] = control.shop("parity-twin")["products"]
    variant = sold["variants"][0]

    control.edit_product("parity-twin", edited["id"], title="Our own words")
    control.set_stock("parity-twin", variant["id"], 3)
    check(stack)
    tie = control.connection("parity-twin")

    # A sale of its own is its own affair, and is told.
    app = admin.open("parity-twin", f"/connections/{tie}/products?tab=differences")
    row = app.get_by_role("listitem").filter(has_text="This shop's own stock")
    expect(row).to_contain_text(f"{sold['title']} (P-1) · Stock")
    expect(row).to_contain_text("Should be: 5")
    expect(row).to_contain_text("parity-twin.myshopify.com: 3")
    kept = app.get_by_role("listitem").filter(has_text="Edited locally, kept")
    expect(kept).to_contain_text("Our own words")
    expect(kept.get_by_role("button", name="Repair")).to_have_count(0)
    admin.look("differences")
    app = admin.open("parity-twin")
    shown = app.get_by_role("listitem").filter(has_text="1 difference")
    expect(shown).to_contain_text("% in sync")
    admin.look("dashboard-parity")
    shown.get_by_role("link", name="1 difference").click()
    row.get_by_role("button", name="Repair").click()
    expect(row).to_have_count(0)

    def available() -> int:
        [levels] = control.shop("parity-twin")["products"][0]["variants"][0]["levels"].values()
        return int(levels["available"])

    control.wait_for(lambda: available() == 5)

    # The words stay, until main's are wanted again.
    app = admin.open("parity-twin", f"/connections/{tie}/products?tab=edits")
    edit = app.get_by_role("listitem").filter(has_text="Our own words")
    expect(edit).to_contain_text("Kept")
    admin.look("local-edits")
    edit.get_by_role("button", name="use the main shop's value").click()
    expect(edit).to_have_count(0)
    control.wait_for(lambda: control.shop("parity-twin")["products"][1]["title"] == edited["title"])


def test_the_consequences_of_shared_stock_are_told_where_it_is_chosen(admin: Admin, control: Control) -> None:
    control.add_shop("pool-main")
    control.add_shop("pool-twin")
    for handle in ("pool-main", "pool-twin"):
        control.add_numbered(handle, 1)
    control.set_up("pool-main", pool_twin={"products": "MATCHED"})
    app = admin.open("pool-twin", "/settings")
    expect(app.get_by_label("The main shop sets the stock")).to_be_checked()
    app.get_by_text("One stock for all shops").click()
    expect(app.get_by_text("two shops can sell the same last piece")).to_be_visible()
    admin.look("settings-stock")
    admin.save()
    app.get_by_role("button", name="Save and sync").click()
    expect(app.get_by_role("dialog")).to_have_count(0)
    chosen = control.query("pool-twin", "{ connections { nodes { syncSettings { stockMode } } } }")
    assert chosen == {"connections": {"nodes": [{"syncSettings": {"stockMode": "SHARED"}}]}}
