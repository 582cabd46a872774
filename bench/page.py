"""P13: how soon the page can be used, in a real browser that is made slow: a quarter of the processor's
speed, 10 Mbit/s, 40 ms to the server and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Browser, Frame, async_playwright

from bench.delay import running
from bench.row import Row, Sizes
from dev import browser as chromium
from dev.errors import DevError
from dev.owners import Owners

_MAIN = "page-main"
_PRODUCTS = 20
_VALUES = {"products": "MATCHED", "details": False, "prices": True, "quantities": True}
_CPU_SLOWER = 4
_NETWORK = {
    "offline": False,
    "latency": 40,
    "downloadThroughput": 10_000_000 / 8,
    "uploadThroughput": 10_000_000 / 8,
}
_JAVASCRIPT_KIB, _LCP_SECONDS, _CLS = 300, 2.5, 0.1
# Asked of the app's own frame, as Shopify's own measurement does. A shift is a jump of what is already there.
_OBSERVE = """
window.vitals = { lcp: 0, cls: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.vitals.lcp = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.vitals.cls += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
_SCRIPTS = """
performance.getEntriesByType("resource")
  .filter((entry) => new URL(entry.name).origin === location.origin && entry.name.endsWith(".js"))
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)
"""
_QUIET = (
    "document.fonts.ready.then(() => document.querySelectorAll('.Polaris-SkeletonBodyText').length === 0)"
)


@dataclass(frozen=True, slots=True)
class Load:
    """JavaScript as it travels, in KiB; seconds; a sum of layout shifts."""

    javascript: float
    lcp: float
    cls: float


async def measure_page(home: Path, sizes: Sizes) -> AsyncIterator[Row]:
    """Raises DevError when the stack does not come up."""
    with running(home) as (stack, owners):
        _family(owners, sizes)
        address = f"{stack.urls.sandbox}/store/{_MAIN}/app"
        async with async_playwright() as playwright:
            started = await playwright.chromium.launch(
                executable_path=chromium.find(), args=chromium.launch_arguments()
            )
            # The first load lets the server get warm, and nothing else: each comes with an empty cache.
            await _load(started, address)
            loads = [await _load(started, address) for _ in range(sizes.loads)]
            await started.close()
    javascript = max(each.javascript for each in loads)
    lcp, cls = median(each.lcp for each in loads), max(each.cls for each in loads)
    yield Row(
        "P13",
        "the page's first load, empty cache",
        f"{sizes.loads} loads; {_CPU_SLOWER}× slower processor, 10 Mbit/s, 40 ms;"
        f" {sizes.page_dependents} dependents",
        f"≤ {_JAVASCRIPT_KIB} KiB of JavaScript, LCP ≤ {_LCP_SECONDS} s, CLS ≤ {_CLS}",
        f"{javascript:.0f} KiB, LCP {lcp:.2f} s, CLS {cls:.3f}",
        javascript <= _JAVASCRIPT_KIB and lcp <= _LCP_SECONDS and cls <= _CLS,
        {"lcp_seconds": [each.lcp for each in loads], "cls": [each.cls for each in loads]},
    )


def _family(owners: Owners, sizes: Sizes) -> None:
    """A dashboard as a merchant has it: connected shops, finished jobs."""
    dependents = [f"page-{number}" for number in range(sizes.page_dependents)]
    for handle in (_MAIN, *dependents):
        domain = f"{handle}.myshopify.com"
        owners.control("POST", "shops", domain=domain, tier="ENTERPRISE", locations=["Warehouse"])
        owners.control("POST", f"shops/{domain}/catalogue", count=_PRODUCTS, seed=1, variants=1, images=0)
    key = owners.open(_MAIN, "MAIN")
    connections = {handle: owners.join(handle, key) for handle in dependents}
    owners.wait({handle: owners.save(handle, each, _VALUES) for handle, each in connections.items()}, 120)


async def _load(started: Browser, address: str) -> Load:
    context = await started.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    try:
        page = await context.new_page()
        await context.add_init_script(_OBSERVE)
        session = await context.new_cdp_session(page)
        await session.send("Network.enable")
        await session.send("Network.emulateNetworkConditions", _NETWORK)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": _CPU_SLOWER})
        await page.goto(address)
        handle = await page.wait_for_selector("#app-frame")
        frame = await handle.content_frame() if handle else None
        if frame is None:
            raise DevError("The app is not shown.")
        return await _measured(frame)
    finally:
        await context.close()


async def _measured(frame: Frame) -> Load:
    await frame.get_by_role("heading", name="Sync state").wait_for()
    await frame.wait_for_function(_QUIET)
    # What comes late, comes within the time in which the page asks its last questions.
    await frame.wait_for_load_state("networkidle")
    vitals: dict[str, Any] = await frame.evaluate("window.vitals")
    scripts: int = await frame.evaluate(_SCRIPTS)
    return Load(scripts / 1024, vitals["lcp"] / 1000, vitals["cls"])
