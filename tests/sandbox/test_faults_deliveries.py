"""Webhooks under a fault plan, from the change in the shop to the app's door."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import orjson
import pytest

from sandbox.app import create_app
from sandbox.draft import ProductDraft
from sandbox.edits import edit_product
from sandbox.faults import FaultPlan, Kind, Rule
from sandbox.place import place
from sandbox.store.product import Product
from sandbox.store.sandbox import Sandbox
from sandbox.webhook_config import configure
from sandbox.webhook_delivery import State
from sandbox.webhooks import Dispatcher
from tests.sandbox.edges import BASE, installed_token, make_sandbox, only_shop, the_app, virtual

TOML = """
[webhooks]
api_version = "2026-10"
[[webhooks.subscriptions]]
topics = ["products/update", "app/uninstalled"]
uri = "/webhooks"
"""


@dataclass
class Door:
    """The app's address: what came in, as (seconds since the start, webhook id, title)."""

    sandbox: Sandbox
    came: list[tuple[float, str, str]] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        body = orjson.loads(request.content)
        at = round(self.sandbox.clock.monotonic(), 3)
        self.came.append((at, request.headers["X-Shopify-Webhook-Id"], body.get("title", "")))
        return httpx.Response(200)

    @property
    def titles(self) -> list[str]:
        return [title for _, _, title in self.came]


@pytest.fixture
def sandbox() -> Sandbox:
    made = make_sandbox()
    installed_token(made, only_shop(made))
    configure(made, the_app(made), TOML, "https://app.example.test")
    return made


@pytest.fixture
def door(sandbox: Sandbox) -> Door:
    return Door(sandbox)


@pytest.fixture
async def dispatcher(sandbox: Sandbox, door: Door, product: Product) -> AsyncIterator[Dispatcher]:
    """Of a shop in which the product has been for a while."""
    dispatcher = Dispatcher(sandbox)
    async with httpx.AsyncClient(transport=httpx.MockTransport(door)) as http:
        dispatcher.start(http)
        yield dispatcher
        await dispatcher.stop()


@pytest.fixture
def product(sandbox: Sandbox) -> Product:
    return place(only_shop(sandbox), ProductDraft("Cup"))


async def rename(sandbox: Sandbox, dispatcher: Dispatcher, product: Product, *titles: str) -> None:
    """One change after another, then quiet."""
    for title in titles:
        edit_product(only_shop(sandbox), product, "title", title)
    await virtual(sandbox).run_until(dispatcher.idle())


async def test_a_lost_webhook_never_comes(
    sandbox: Sandbox, door: Door, dispatcher: Dispatcher, product: Product
) -> None:
    sandbox.faults = FaultPlan(1, (Rule(Kind.WEBHOOK_DROP, after=1, times=2),))
    await rename(sandbox, dispatcher, product, "A", "B", "C", "D")
    assert sorted(door.titles) == ["A", "D"]
    assert (dispatcher.counts[State.DROPPED], dispatcher.counts[State.DELIVERED]) == (2, 2)
    virtual(sandbox).advance(86_400)
    await dispatcher.idle()
    assert len(door.came) == 2


async def test_a_doubled_webhook_has_the_same_id(
    sandbox: Sandbox, door: Door, dispatcher: Dispatcher, product: Product
) -> None:
    sandbox.faults = FaultPlan(1, (Rule(Kind.WEBHOOK_DUPLICATE, copies=2, seconds=(5.0, 5.0), times=1),))
    await rename(sandbox, dispatcher, product, "A")
    assert [(at, title) for at, _, title in door.came] == [(0.0, "A"), (5.0, "A"), (5.0, "A")]
    assert len({webhook_id for _, webhook_id, _ in door.came}) == 1


async def test_a_late_webhook_says_what_was_true_when_it_was_set_off(
    sandbox: Sandbox, door: Door, dispatcher: Dispatcher, product: Product
) -> None:
    sandbox.faults = FaultPlan(1, (Rule(Kind.WEBHOOK_DELAY, seconds=(20.0, 20.0), times=1),))
    await rename(sandbox, dispatcher, product, "A", "B")
    assert [(at, title) for at, _, title in door.came] == [(0.0, "B"), (20.0, "A")]


async def test_webhooks_come_out_of_order_but_all_come_once(
    sandbox: Sandbox, door: Door, dispatcher: Dispatcher, product: Product
) -> None:
    sandbox.faults = FaultPlan(4, (Rule(Kind.WEBHOOK_REORDER, seconds=(0.0, 2.0)),))
    titles = [f"T{number}" for number in range(10)]
    await rename(sandbox, dispatcher, product, *titles)
    assert door.titles != titles
    assert sorted(door.titles) == titles
    assert all(0 <= at <= 2 for at, _, _ in door.came)


async def test_the_same_seed_gives_the_same_journeys(
    sandbox: Sandbox, door: Door, dispatcher: Dispatcher, product: Product
) -> None:
    rules = (
        Rule(Kind.WEBHOOK_DROP, 0.2),
        Rule(Kind.WEBHOOK_DUPLICATE, 0.3, seconds=(0.0, 3.0)),
        Rule(Kind.WEBHOOK_DELAY, 0.3, seconds=(1.0, 9.0)),
    )
    titles = [f"T{number}" for number in range(30)]
    journeys = []
    for seed in (1, 1, 2):
        door.came.clear()
        started = sandbox.clock.monotonic()
        sandbox.faults = FaultPlan(seed, rules)
        await rename(sandbox, dispatcher, product, *titles)
        journeys.append([(round(at - started, 2), title) for at, _, title in door.came])
    assert journeys[0] == journeys[1]
    assert journeys[0] != journeys[2]


async def test_an_uninstallation_by_the_plan_is_told_as_any_other(sandbox: Sandbox, door: Door) -> None:
    shop = only_shop(sandbox)
    token = installed_token(sandbox, shop)
    application = create_app(sandbox)
    webhooks: Dispatcher = application.state.server.webhooks
    sandbox.faults = FaultPlan(1, (Rule(Kind.UNINSTALLED),))
    transport = httpx.ASGITransport(app=application)
    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(door)) as http,
        httpx.AsyncClient(transport=transport, base_url=BASE) as client,
    ):
        webhooks.start(http)
        address = f"/{shop.domain}/admin/api/2026-10/graphql.json"
        headers = {"X-Shopify-Access-Token": token}
        refused = await client.post(address, headers=headers, json={"query": "{ shop { name } }"})
        assert refused.status_code == 401
        await webhooks.idle()
        await webhooks.stop()
    (delivery,) = webhooks.recent(shop)
    assert (delivery.topic, delivery.state) == ("app/uninstalled", State.DELIVERED)
    assert len(door.came) == 1
