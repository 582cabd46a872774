"""Faults switched on and off by a person: the section, what it says, and the banner."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from sandbox.app import create_app
from sandbox.clock import RealClock
from sandbox.commands.shops import add_shop
from sandbox.faults import FaultPlan, Kind, Occasion, Rule
from sandbox.faults_presets import PRESETS
from sandbox.store.sandbox import Sandbox
from tests.sandbox.edges import DOMAIN, make_sandbox, serving
from tests.sandbox.listening import listener_and_url, listening


@pytest.fixture
def sandbox() -> Sandbox:
    return make_sandbox()


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(sandbox) as made:
        yield made


async def switch(client: httpx.AsyncClient, preset: str, on: bool) -> None:
    response = await client.post("/faults", data={"preset": preset, "on": str(on).lower()})
    assert (response.status_code, response.headers["Location"]) == (303, "/#faults")


def plan_of(sandbox: Sandbox) -> FaultPlan:
    assert sandbox.faults is not None
    return sandbox.faults


async def first_page(client: httpx.AsyncClient) -> str:
    return (await client.get("/")).text


async def test_presets_are_switched_one_by_one(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    await switch(client, "bulk", True)
    await switch(client, "webhooks", True)
    assert (plan_of(sandbox).presets, plan_of(sandbox).seed) == (("webhooks", "bulk"), 7)
    assert plan_of(sandbox).rules == PRESETS["webhooks"].rules + PRESETS["bulk"].rules
    await switch(client, "bulk", True)
    assert plan_of(sandbox).presets == ("webhooks", "bulk")
    await switch(client, "bulk", False)
    assert plan_of(sandbox).presets == ("webhooks",)
    await switch(client, "no-such-thing", True)
    assert plan_of(sandbox).presets == ("webhooks",)
    await switch(client, "webhooks", False)
    assert sandbox.faults is None


async def test_every_page_says_that_faults_are_on(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    pages = ("/", "/store/main-shop/products", "/store/main-shop/settings")
    for page in pages:
        assert "Faults are switched on" not in (await client.get(page)).text
    await switch(client, "rate-limit", True)
    for page in pages:
        text = (await client.get(page)).text
        assert "Faults are switched on: Rate limit." in text
        assert 'class="alarm" href="/#faults"' in text


async def test_what_struck_is_counted_by_preset(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    await switch(client, "bulk", True)
    await switch(client, "rate-limit", True)
    plan = plan_of(sandbox)
    for _ in range(200):
        plan.draw(Occasion.GRAPHQL, DOMAIN, ("query",))
    total = plan.struck.total()
    assert total > 10
    figures = re.findall(r'<td class="number">([^<]*)</td>', await first_page(client))
    assert figures == ["", "", "0", str(total)]


async def test_a_plan_of_rules_can_only_be_switched_off(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    sandbox.faults = FaultPlan(1, (Rule(Kind.RESET),), frozenset({DOMAIN}))
    plan_of(sandbox).draw(Occasion.GRAPHQL, DOMAIN, ("query",))
    text = await first_page(client)
    assert "A plan of 1 rule from" in text
    assert f"is on for {DOMAIN}. It has struck once so far." in text
    assert "Faults are switched on: a plan of rules." in text
    assert "Flaky network" not in text
    assert (await client.post("/faults", data={})).status_code == 303
    assert "Flaky network" in await first_page(client)


async def test_another_sites_page_cannot_switch_faults(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    headers = {"Origin": "https://elsewhere.example.test"}
    refused = await client.post("/faults", data={"preset": "bulk", "on": "true"}, headers=headers)
    assert (refused.status_code, sandbox.faults) == (403, None)


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    listener, url = listener_and_url()
    sandbox = Sandbox(RealClock(), base_url=url)
    add_shop(sandbox, DOMAIN)
    async with listening(create_app(sandbox), listener):
        context = await browser.new_context(base_url=url)
        page = await context.new_page()
        await page.goto("/")
        yield page
        await context.close()


@pytest.mark.e2e
@pytest.mark.asyncio(loop_scope="session")
async def test_a_person_switches_a_preset_on_and_off(page: Page) -> None:
    section = page.get_by_role("region", name="Faults")
    await section.get_by_role("button", name="Switch on Lost and late webhooks").click()
    await expect(page.get_by_role("status").filter(has_text="Faults are switched on")).to_contain_text(
        "Lost and late webhooks"
    )
    off = section.get_by_role("button", name="Switch off Lost and late webhooks")
    await expect(off).to_be_visible()
    for width in (390, 1280):
        await page.set_viewport_size({"width": width, "height": 800})
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(overflow) == 0
    await off.click()
    await expect(section.get_by_role("button", name="Switch on Lost and late webhooks")).to_be_visible()
    await expect(page.locator(".banner")).to_have_count(0)
