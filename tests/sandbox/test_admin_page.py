"""The admin page in a real browser: editing in place, and seeing what others change."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from sandbox.app import create_app
from sandbox.clock import RealClock
from sandbox.commands.inventory import set_available
from sandbox.commands.shops import add_shop
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.edits import edit_variant
from sandbox.place import place
from sandbox.store.product import Product
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from tests.sandbox.edges import DOMAIN
from tests.sandbox.listening import listener_and_url, listening

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def shop() -> Shop:
    return add_shop(Sandbox(RealClock()), DOMAIN)


@pytest.fixture
def product(shop: Shop) -> Product:
    draft = VariantDraft(sku="CUP", tracked=True, available=(3,))
    sizes = tuple(VariantDraft(option_values=(size,)) for size in ("XS", "S", "M", "L", "XL", "XXL"))
    place(shop, ProductDraft("Shirt", sizes, options=("Size",)))
    return place(shop, ProductDraft("Cup", (draft,)))


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, shop: Shop, product: Product) -> AsyncIterator[Page]:
    sandbox = Sandbox(shop.clock, shops={shop.domain: shop})
    listener, url = listener_and_url()
    async with listening(create_app(sandbox), listener):
        context = await browser.new_context()
        page = await context.new_page()
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        await page.goto(f"{url}/store/main-shop/products")
        yield page
        await context.close()
    assert failures == []


async def test_a_price_is_saved_when_its_field_is_left(page: Page, product: Product) -> None:
    price = page.get_by_label("Price of Cup, Default Title")
    await price.fill("12,5")
    await price.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Price of Cup, Default Title saved")
    await expect(price).to_have_value("12.50")
    assert str(product.variants[0].price) == "12.50"
    await price.fill("free")
    await price.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("'free' is not a price.")
    await expect(price).to_have_attribute("aria-invalid", "true")
    await price.press("Escape")
    await expect(price).to_have_value("12.50")
    assert str(product.variants[0].price) == "12.50"


async def test_what_others_change_shows_up_by_itself(page: Page, shop: Shop, product: Product) -> None:
    variant = product.variants[0]
    title = page.get_by_label("Title").first
    await title.fill("Being edi")
    edit_variant(shop, variant, "price", "77")
    set_available(shop, variant.item, shop.primary_location, 41)
    await expect(page.get_by_label("Price of Cup, Default Title")).to_have_value("77.00")
    await expect(page.get_by_label("Available at Main Warehouse, Cup, Default Title")).to_have_value("41")
    await expect(title).to_have_value("Being edi")
    await title.press("Escape")
    place(shop, ProductDraft("Newcomer"))
    await expect(page.locator("[data-product]")).to_have_count(3)


async def test_products_are_added_shown_whole_and_deleted(page: Page, shop: Shop) -> None:
    rows = page.get_by_role("article", name="Shirt").locator("tbody tr")
    await expect(rows.nth(4)).to_be_hidden()
    await page.get_by_role("button", name="Show 2 more").click()
    await expect(rows.nth(5)).to_be_visible()
    await page.get_by_role("button", name="Add product").click()
    dialog = page.get_by_role("dialog", name="Add product")
    await dialog.get_by_label("Title").fill("Bowl")
    await dialog.get_by_label("Price").fill("x")
    await dialog.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("status")).to_contain_text("'x' is not a price.")
    await dialog.get_by_label("Price").fill("8")
    await dialog.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("article", name="Bowl")).to_have_count(1)
    await page.get_by_role("article", name="Bowl").get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Keep it").click()
    assert "bowl" in shop.handles
    await page.get_by_role("article", name="Bowl").get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("article", name="Bowl")).to_have_count(0)
    assert "bowl" not in shop.handles


@pytest.mark.parametrize("width", [390, 1280])
async def test_no_page_scrolls_sideways(page: Page, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 800})
    for path in ("products", "locations", "import", "settings"):
        await page.goto(page.url.rpartition("/")[0] + f"/{path}")
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(overflow) == 0
