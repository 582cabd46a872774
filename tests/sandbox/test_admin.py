import base64
import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sandbox.catalogue import Recipe, generate
from sandbox.commands.shops import install_app
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.place import place
from sandbox.session_token import verify
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from sandbox.web.frames import sign
from tests.sandbox.edges import APP_URL, CLIENT_ID, DOMAIN, make_sandbox, only_shop, serving, the_app

STORE = "/store/main-shop"


@pytest.fixture
def sandbox() -> Sandbox:
    return make_sandbox()


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    return only_shop(sandbox)


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(sandbox) as made:
        yield made


def tracked(title: str = "Cup", sku: str = "CUP", available: int = 3) -> ProductDraft:
    return ProductDraft(title, (VariantDraft(sku=sku, tracked=True, available=(available,)),))


async def test_the_first_page_lists_the_shops(shop: Shop, client: httpx.AsyncClient) -> None:
    page = await client.get("/")
    assert page.status_code == 200
    for text in (shop.name, DOMAIN, "EUR", "Standard, 100 points/s", "Install the app"):
        assert text in page.text


async def test_pages_cannot_be_framed_and_frame_the_app_alone(client: httpx.AsyncClient) -> None:
    policy = (await client.get(f"{STORE}/products")).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert f"frame-src {APP_URL};" in policy
    assert "default-src 'self'" in policy


async def test_products_are_paged_and_searched_by_title_sku_and_handle(
    shop: Shop, client: httpx.AsyncClient
) -> None:
    for draft in generate(Recipe(variants=1), 30):
        place(shop, draft)
    place(shop, tracked("Odd <b>Mug</b>", "ODD-1"))

    async def shown(query: str = "") -> int:
        return (await client.get(f"{STORE}/products{query}")).text.count("data-product=")

    assert await shown() == 25
    assert await shown("?page=2") == 6
    assert await shown("?page=99") == 0
    assert await shown("?page=x") == 25
    assert await shown("?q=odd-1") == 1
    assert await shown("?q=MUG%3C") == 1
    assert await shown("?q=nothing-like-it") == 0
    page = await client.get(f"{STORE}/products?q=odd-1")
    assert "Odd &lt;b&gt;Mug&lt;/b&gt;" in page.text
    assert "<b>Mug" not in page.text


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("title", "  New name ", "New name"), ("status", "DRAFT", "DRAFT"), ("vendor", "Acme", "Acme")],
)
async def test_fields_of_a_product_are_saved_one_by_one(
    shop: Shop, client: httpx.AsyncClient, name: str, text: str, value: str
) -> None:
    product = place(shop, tracked())
    response = await client.post(f"{STORE}/products/{product.id}", json={"name": name, "value": text})
    assert (response.status_code, response.json()) == (200, {"value": value})
    assert getattr(product, name) == value


async def test_prices_and_stock_are_saved(shop: Shop, client: httpx.AsyncClient) -> None:
    product = place(shop, tracked())
    variant = product.variants[0]
    price = await client.post(f"{STORE}/variants/{variant.id}", json={"name": "price", "value": "12,5"})
    assert (price.json(), str(variant.price)) == ({"value": "12.50"}, "12.50")
    place_ = str(shop.primary_location.id)
    stock = await client.post(f"{STORE}/variants/{variant.id}/stock", json={"name": place_, "value": "-4"})
    assert (stock.json(), variant.item.available) == ({"value": "-4"}, -4)


@pytest.mark.parametrize(
    ("what", "name", "value", "message"),
    [
        ("products", "title", "  ", "Title can't be blank"),
        ("products", "title", "x" * 256, "Title is too long (maximum is 255 characters)"),
        ("products", "status", "GONE", "'status' cannot be set to 'GONE' here."),
        ("products", "id", "1", "'id' cannot be set to '1' here."),
        ("variants", "price", "-1", "The price must be 0 or more and less than 10^18."),
        ("variants", "price", "abc", "'abc' is not a price."),
        ("variants", "price", "1.234", "A price has at most two decimals."),
        ("variants", "price", "inf", "The price must be 0 or more and less than 10^18."),
        ("stock", "LOCATION", "1.5", "'1.5' is not a whole number between -1,000,000,000 and 1,000,000,000."),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_a_reason_and_changes_nothing(
    shop: Shop, client: httpx.AsyncClient, what: str, name: str, value: str, message: str
) -> None:
    product = place(shop, tracked())
    variant = product.variants[0]
    address = {
        "products": f"{STORE}/products/{product.id}",
        "variants": f"{STORE}/variants/{variant.id}",
        "stock": f"{STORE}/variants/{variant.id}/stock",
    }[what]
    name = str(shop.primary_location.id) if name == "LOCATION" else name
    before = shop.revision
    response = await client.post(address, json={"name": name, "value": value})
    assert (response.status_code, response.json()) == (422, {"error": message})
    assert shop.revision == before


async def test_stock_of_untracked_variants_cannot_be_set(shop: Shop, client: httpx.AsyncClient) -> None:
    variant = place(shop, ProductDraft("Poster")).variants[0]
    body = {"name": str(shop.primary_location.id), "value": "1"}
    response = await client.post(f"{STORE}/variants/{variant.id}/stock", json=body)
    assert response.json() == {"error": "The inventory of this variant is not tracked."}
    assert "∞" in (await client.get(f"{STORE}/products")).text


async def test_products_are_added_and_deleted(shop: Shop, client: httpx.AsyncClient) -> None:
    form = {"title": "Bowl", "price": "9", "sku": "B-1", "available": "6"}
    added = await client.post(f"{STORE}/products", data=form)
    assert (added.status_code, added.headers["location"]) == (303, f"{STORE}/products")
    (product,) = shop.products
    assert (product.title, product.variants[0].item.sku, product.variants[0].item.available) == (
        "Bowl",
        "B-1",
        6,
    )
    assert len(product.publications) == len(shop.publications)
    refused = await client.post(f"{STORE}/products", data={**form, "title": " "})
    assert (refused.status_code, refused.json()) == (422, {"error": "Title can't be blank"})
    deleted = await client.post(f"{STORE}/products/{product.id}/delete", json={})
    assert deleted.status_code == 200
    assert len(shop.products) == 0
    assert (await client.post(f"{STORE}/products/{product.id}/delete", json={})).status_code == 404


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
async def test_another_sites_page_cannot_press_buttons(
    shop: Shop, client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    product = place(shop, tracked())
    for address in (
        f"{STORE}/products/{product.id}/delete",
        f"{STORE}/settings/uninstall",
        "/_control/marks",
    ):
        assert (await client.post(address, json={}, headers=headers)).status_code == 403
    assert len(shop.products) == 1
    same = {"Sec-Fetch-Site": "same-origin", "Origin": "http://sandbox.test"}
    deleted = await client.post(f"{STORE}/products/{product.id}/delete", json={}, headers=same)
    assert deleted.status_code == 200


async def test_a_csv_is_imported_with_a_report(shop: Shop, client: httpx.AsyncClient) -> None:
    content = b"Handle,Title,Variant Price\na,A,5\nb,,6\n"
    page = await client.post(f"{STORE}/import", files={"file": ("x.csv", content)})
    assert page.status_code == 200
    assert "2 rows read, 1 product added, 1 row refused." in page.text
    assert "Title can&#x27;t be blank" in page.text
    assert [product.handle for product in shop.products] == ["a"]
    ignoring = await client.post(f"{STORE}/import", files={"file": ("x.csv", b"Title,Colour\nB,red\n")})
    assert "1 column ignored" in ignoring.text
    assert "Colour" in ignoring.text
    for files in ({"file": ("x.csv", b"")}, {"file": ("x.csv", b"Price\n1")}):
        failed = await client.post(f"{STORE}/import", files=files)
        assert (failed.status_code, "Nothing was imported" in failed.text) == (422, True)


async def test_locations_are_added_and_switched(shop: Shop, client: httpx.AsyncClient) -> None:
    await client.post(f"{STORE}/locations", data={"name": "Annex"})
    first, annex = shop.locations
    assert annex.name == "Annex"

    async def switched(number: int, active: str) -> list[bool]:
        await client.post(f"{STORE}/locations/{number}", data={"active": active})
        return [location.is_active for location in shop.locations]

    assert await switched(annex.id, "false") == [True, False]
    assert await switched(annex.id, "true") == [True, True]
    assert await switched(first.id, "false") == [True, True]


async def test_the_app_is_installed_after_consent_and_then_opened(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    consent = await client.get(f"{STORE}/app/jobs")
    assert "Install Sync" in consent.text
    assert "See and change products, variants and collections" in consent.text
    assert "app-frame" not in consent.text
    installed = await client.post(f"{STORE}/install", data={"path": "jobs"})
    assert installed.headers["location"] == f"{STORE}/app/jobs"
    assert shop.installations[CLIENT_ID].scopes == {"write_products", "write_inventory", "read_locations"}
    page = await client.get(f"{STORE}/app/jobs")
    assert 'id="app-frame"' in page.text


async def test_an_app_without_an_address_cannot_be_opened(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    install_app(sandbox, shop, CLIENT_ID)
    the_app(sandbox).url = ""
    page = await client.get(f"{STORE}/app", headers={"Accept": "text/html"})
    assert (page.status_code, "--app-url" in page.text) == (404, True)


async def test_more_scopes_ask_for_consent_again(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    install_app(sandbox, shop, CLIENT_ID)
    the_app(sandbox).scopes = (*the_app(sandbox).scopes, "write_files")
    assert "Sync asks for more" in (await client.get(f"{STORE}/app")).text
    await client.post(f"{STORE}/install", data={"path": ""})
    assert "write_files" in shop.installations[CLIENT_ID].scopes
    assert 'id="app-frame"' in (await client.get(f"{STORE}/app")).text


async def test_the_frame_opens_the_app_as_shopify_does(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    install_app(sandbox, shop, CLIENT_ID)
    await client.post(f"{STORE}/settings/locale", data={"locale": "fr"})
    page = await client.get(f"{STORE}/app/jobs/7?tab=errors")
    match = re.search(r'data-src="([^"]+)"', page.text)
    assert match is not None
    address = urlsplit(match[1].replace("&amp;", "&"))
    given = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{APP_URL}/jobs/7"
    assert given.pop("hmac") == sign(the_app(sandbox), given)
    assert set(given) == {"tab", "embedded", "host", "id_token", "locale", "session", "shop", "timestamp"}
    assert (given["tab"], given["embedded"], given["locale"], given["shop"]) == ("errors", "1", "fr", DOMAIN)
    padded = given["host"] + "=" * (-len(given["host"]) % 4)
    assert base64.urlsafe_b64decode(padded).decode() == "sandbox.test/store/main-shop"
    verify(given["id_token"], the_app(sandbox), shop, sandbox.clock.now())


async def test_session_tokens_are_for_the_frames_page_alone(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    install_app(sandbox, shop, CLIENT_ID)
    page = await client.get(f"{STORE}/app")
    match = re.search(r'data-secret="([^"]+)"', page.text)
    assert match is not None
    address = f"{STORE}/session-token"
    given = await client.post(address, headers={"X-Frame-Secret": match[1]})
    verify(given.json()["token"], the_app(sandbox), shop, sandbox.clock.now())
    assert given.headers["Cache-Control"] == "no-store"
    for secret in ("", "9999999999.forged", match[1][:-1], "x.y"):
        assert (await client.post(address, headers={"X-Frame-Secret": secret})).status_code == 403
    assert (await client.post(address)).status_code == 403
    other = await client.post(address, headers={"X-Frame-Secret": match[1], "Sec-Fetch-Site": "cross-site"})
    assert other.status_code == 403


async def test_settings_end_tokens_and_uninstall(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    install_app(sandbox, shop, CLIENT_ID)
    for what in ("expire", "revoke", "uninstall"):
        response = await client.post(f"{STORE}/settings/{what}")
        assert response.headers["location"] == f"{STORE}/settings?done={what}"
    assert shop.installations == {}
    assert "Not installed" in (await client.get(f"{STORE}/settings?done=uninstall")).text
    await client.post(f"{STORE}/settings/locale", data={"locale": "xx"})
    assert shop.locale == "en"


async def test_the_picker_finds_products(shop: Shop, client: httpx.AsyncClient) -> None:
    place(shop, tracked("Tea pot"))
    place(shop, tracked("Cup"))
    found = (await client.get(f"{STORE}/search?q=TEA")).json()
    assert [product["title"] for product in found] == ["Tea pot"]
    assert found[0]["variants"][0]["sku"] == "CUP"


async def test_an_unknown_shop_or_page_is_told_to_people_and_programs(client: httpx.AsyncClient) -> None:
    person = await client.get("/store/nobody/products", headers={"Accept": "text/html"})
    assert (person.status_code, "no such shop" in person.text) == (404, True)
    program = await client.get("/store/nobody/products", headers={"Accept": "application/json"})
    assert program.json()["error"] == "There is no such shop in this sandbox."


@pytest.mark.parametrize("name", ["admin.css", "admin.js", "app-frame.js", "app-bridge.js", "icon.svg"])
async def test_static_files_are_served(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/_sandbox/{name}")).status_code == 200
