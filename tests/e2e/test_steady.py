"""Nothing jumps: what a page shows stays where it is while the rest of it comes."""

import pytest
from playwright.sync_api import expect

from tests.e2e.admin import NARROW, WIDE, Admin
from tests.e2e.control import Control

pytestmark = pytest.mark.e2e

WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) window.shifted += value;
}).observe({ type: "layout-shift", buffered: true });
"""
SHIFTED = """new Promise((tell) => {
    requestAnimationFrame(() => setTimeout(() => tell(window.shifted)));
})"""
# Half of what passes for steady; a banner that comes late and pushes the rest down makes many times as much.
MOST = 0.05


@pytest.mark.usefixtures("by_hand")
def test_pages_fill_without_a_jump(admin: Admin, control: Control) -> None:
    for handle in ("steady-main", "steady-near", "steady-far"):
        control.add_shop(handle)
    control.add_numbered("steady-main", 6)
    for title in ("Twice", "Twice again"):
        control.add_product("steady-near", title, sku="P-6")
    control.set_up("steady-main", steady_near={"products": "ALL"}, steady_far={"products": "ALL"})
    products = f"/connections/{control.connection('steady-near')}/products"
    pages = {
        "steady-main": ("", "/jobs", "/settings", products, f"{products}?tab=links", "/api-access"),
        "steady-near": ("", "/settings", "/products"),
    }
    admin.page.add_init_script(WATCH)
    shifted: dict[str, float] = {}
    for width, height in (WIDE, NARROW):
        admin.page.set_viewport_size({"width": width, "height": height})
        for handle, paths in pages.items():
            for path in paths:
                app = admin.open(handle, path)
                expect(app.locator("h1").first).to_be_visible()
                expect(app.locator(".Polaris-SkeletonBodyText, .Polaris-Spinner")).to_have_count(0)
                shifted[f"{handle}{path} at {width}"] = admin.frame.evaluate(SHIFTED)
    assert {page: value for page, value in shifted.items() if value > MOST} == {}
