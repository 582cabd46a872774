"""A person makes a key for a program, the program works with it, and the person takes it away again."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from dev.stack import Stack
from tests.e2e.admin import Admin
from tests.e2e.control import Control
from tests.e2e.test_language import english_words_on

pytestmark = pytest.mark.e2e

SHOP = "{ shop { domain role } }"
SYNC = "mutation { syncAll { jobs { trigger } userErrors { code } } }"


def ask(stack: Stack, token: str, query: str) -> tuple[int, dict[str, Any]]:
    """As a program does, from somewhere else."""
    answer = httpx.post(
        f"{stack.urls.app}/graphql", json={"query": query}, headers={"Authorization": f"Bearer {token}"}
    )
    body: dict[str, Any] = answer.json()
    return answer.status_code, body


def create(admin: Admin, name: str, may: str) -> str:
    """Through the dialog, from wherever the page is; answers the token."""
    app = admin.app
    app.get_by_role("button", name="Create token").first.click()
    dialog = app.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_text(may, exact=True).click()
    dialog.get_by_role("button", name="Create token").click()
    field = app.get_by_label("API token", exact=True)
    expect(field).to_be_visible()
    return field.input_value()


def test_a_token_works_until_it_is_revoked(admin: Admin, control: Control, stack: Stack, page: Page) -> None:
    control.add_shop("token-main")
    control.add_shop("token-near")
    control.add_numbered("token-main", 2)
    control.set_up("token-main", token_near={"products": "ALL"})

    app = admin.open("token-main", "/settings")
    app.get_by_role("link", name="Manage API tokens").click()
    expect(app.get_by_text("No program has access yet")).to_be_visible()
    expect(app.get_by_role("link", name="Try it out in GraphiQL")).to_have_attribute(
        "href", f"{stack.urls.app}/graphql"
    )
    admin.look("api-access-empty")

    # Mistakes stand beside the field.
    app.get_by_role("button", name="Create token").click()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_be_focused()
    dialog.get_by_role("button", name="Create token").click()
    expect(dialog.get_by_text("Enter a name.")).to_be_visible()
    admin.look("api-access-create")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)

    token = create(admin, "Warehouse system", "Read and change")
    expect(app.get_by_text("It is shown only this once.")).to_be_visible()
    admin.look("api-access-new")
    domain = "token-main.myshopify.com"
    assert ask(stack, token, SHOP) == (200, {"data": {"shop": {"domain": domain, "role": "MAIN"}}})
    assert ask(stack, token, SYNC) == (
        200,
        {"data": {"syncAll": {"jobs": [{"trigger": "API"}], "userErrors": []}}},
    )

    # A second one of the same name would be mistaken for the first.
    app.get_by_role("button", name="Create token").click()
    dialog.get_by_label("Name").fill("warehouse SYSTEM")
    dialog.get_by_role("button", name="Create token").click()
    expect(dialog.get_by_text("There is already a token of this name.")).to_be_visible()
    dialog.get_by_label("Name").fill("Price list")
    dialog.get_by_role("button", name="Create token").click()
    expect(app.get_by_text("Copy the token “Price list” now")).to_be_visible()
    reading = app.get_by_label("API token", exact=True).input_value()
    assert ask(stack, reading, SHOP)[0] == 200
    assert ask(stack, reading, SYNC)[1]["data"]["syncAll"]["userErrors"] == [{"code": "TOKEN_READ_ONLY"}]
    app.get_by_role("button", name="I have copied it").click()

    # What was shown once is not shown again, and what a program did is told as a program's.
    app = admin.open("token-main", "/api-access")
    tokens = app.get_by_role("list", name="API tokens").get_by_role("listitem")
    expect(tokens).to_have_count(2)
    expect(tokens.nth(1)).to_contain_text(f"msat_…{token[-4:]}")
    expect(tokens.nth(1)).to_contain_text("Last used")
    assert token not in admin.frame.content()
    admin.look("api-access")
    app = admin.open("token-main", "/jobs")
    expect(app.get_by_text("started by a program").first).to_be_visible()

    app = admin.open("token-main", "/api-access")
    app.get_by_role("button", name="Revoke Warehouse system").click()
    expect(app.get_by_role("dialog")).to_contain_text("lose their access at once")
    admin.look("api-access-revoke")
    app.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert ask(stack, token, SHOP)[0] == 200
    app.get_by_role("button", name="Revoke Warehouse system").click()
    app.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(tokens).to_have_count(1)
    status, body = ask(stack, token, SHOP)
    assert (status, body["errors"][0]["extensions"]) == (401, {"code": "TOKEN_REVOKED"})
    assert ask(stack, reading, SHOP)[0] == 200


def test_a_dependent_finds_its_own_tokens_in_its_own_language(admin: Admin, control: Control) -> None:
    control.add_shop("zugang-main")
    control.add_shop("zugang-nah")
    control.set_up("zugang-main", zugang_nah={"products": "ALL"})
    admin.open("zugang-main", "/api-access")
    token = create(admin, "ERP", "Read only")

    admin.choose_language("zugang-nah", "de")
    app = admin.open("zugang-nah", "/settings")
    app.get_by_role("link", name="API-Token verwalten").click()
    expect(app.get_by_text("Noch hat kein Programm Zugang")).to_be_visible()
    assert english_words_on(admin.frame) == []
    app.get_by_role("button", name="Token erstellen").click()
    dialog = app.get_by_role("dialog")
    dialog.get_by_label("Bezeichnung").fill("Lager")
    assert english_words_on(admin.frame) == []
    admin.look("german-api-access-create")
    dialog.get_by_role("button", name="Token erstellen").click()
    expect(app.get_by_text("Kopieren Sie jetzt den Token „Lager“")).to_be_visible()
    assert english_words_on(admin.frame) == []
    admin.look("german-api-access")
    assert token not in admin.frame.content()
