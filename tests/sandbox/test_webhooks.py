"""Deliveries: to whom, with what headers, how often, and when nobody hears of it."""

import asyncio
import re
from collections import Counter
from itertools import pairwise
from random import Random
from uuid import UUID

import httpx
import orjson
import pytest

from sandbox import edits
from sandbox.catalogue import Recipe, generate
from sandbox.commands import inventory
from sandbox.commands.products import delete_product
from sandbox.commands.shops import add_shop, install_app, register_app, uninstall_app
from sandbox.commands.webhooks import SubscriptionSpec, subscribe
from sandbox.context import Call
from sandbox.execute import execute
from sandbox.ids import gid
from sandbox.loading import load
from sandbox.store.product import Product
from sandbox.store.subscription import Subscription
from sandbox.webhook_delivery import Delivery, State
from sandbox.webhooks import RETRY_AFTER, Dispatcher, Limits, Planned
from tests.sandbox.edges import APP_URL, CLIENT_ID, DOMAIN
from tests.sandbox.receiver import COMPLIANCE, Got, Shopped, told


def cup(world: Shopped, title: str = "Cup") -> Product:
    return edits.add_product(world.shop, title, "9.50", title.upper(), "4")


def by_api(
    world: Shopped, topic: str = "products/update", uri: str = "https://other.test/hook"
) -> Subscription:
    return subscribe(world.shop, world.installation, topic, "2026-10", SubscriptionSpec(uri))


async def test_headers() -> None:
    async with told("products/update", more='name = "catalogue"') as world:
        product = cup(world)
        await world.settle()
        world.clock.advance(0.25)
        edits.edit_product(world.shop, product, "title", "Mug")
        got = await world.one("products/update")
        assert got.url == f"{APP_URL}/webhooks"
        assert got.headers["X-Shopify-Topic"] == "products/update"
        assert got.headers["X-Shopify-Shop-Domain"] == DOMAIN
        assert got.headers["X-Shopify-API-Version"] == "2026-10"
        assert got.headers["X-Shopify-Name"] == "catalogue"
        assert got.headers["Content-Type"] == "application/json"
        assert re.fullmatch(r"2026-11-02T09:00:00\.250000\d{3}Z", got.headers["X-Shopify-Triggered-At"])
        assert UUID(got.headers["X-Shopify-Webhook-Id"]) != UUID(got.headers["X-Shopify-Event-Id"])
        assert "X-Shopify-Sub-Topic" not in got.headers
        assert got.is_signed


async def test_a_signature_is_of_the_bytes_and_the_secret() -> None:
    async with told("products/create") as world:
        cup(world, "Tasse für Gäste ☕")
        got = await world.one("products/create")
        assert got.is_signed
        got.content += b" "
        assert not got.is_signed


async def test_what_one_action_sets_off_shares_its_event_and_nothing_else() -> None:
    async with told("products/update", "inventory_levels/update") as world:
        product = cup(world)
        await world.settle()
        inventory.set_available(world.shop, product.variants[0].item, world.shop.primary_location, 1)
        first = await world.settle()
        inventory.set_available(world.shop, product.variants[0].item, world.shop.primary_location, 2)
        second = await world.settle()
        events = [{got.headers["X-Shopify-Event-Id"] for got in group} for group in (first, second)]
        assert [len(ids) for ids in events] == [1, 1]
        assert events[0].isdisjoint(events[1])
        assert len({got.headers["X-Shopify-Webhook-Id"] for got in first + second}) == 4


async def test_writes_of_the_app_itself_are_told_like_those_of_others() -> None:
    async with told("products/update", "inventory_levels/update") as world:
        product = cup(world)
        variant = product.variants[0]
        await world.settle()
        call = Call(world.sandbox, world.shop, world.installation, "2026-10")
        answer = execute(
            call,
            """mutation($product: ID!, $variants: [ProductVariantsBulkInput!]!) {
              productVariantsBulkUpdate(productId: $product, variants: $variants) {
                userErrors { field } } }""",
            {
                "product": gid("Product", product.id),
                "variants": [{"id": gid("ProductVariant", variant.id), "price": "11.00"}],
            },
        )
        assert answer["data"]["productVariantsBulkUpdate"]["userErrors"] == []
        echo = await world.one("products/update")
        assert echo.body["variants"][0]["price"] == "11.00"
        row = {
            "inventoryItemId": gid("InventoryItem", variant.item.id),
            "locationId": gid("Location", world.shop.primary_location.id),
            "quantity": 9,
            "changeFromQuantity": 4,
        }
        execute(
            call,
            """mutation($input: InventorySetQuantitiesInput!) {
              inventorySetQuantities(input: $input) @idempotent(key: "one") { userErrors { message } } }""",
            {"input": {"name": "available", "reason": "correction", "quantities": [row]}},
        )
        assert sorted(got.topic for got in await world.settle()) == [
            "inventory_levels/update",
            "products/update",
        ]


async def test_eight_retries_over_four_hours_always_with_the_first_payload() -> None:
    async with told("products/update") as world:
        product = cup(world)
        await world.settle()
        world.answer = lambda _: httpx.Response(500)
        start = world.clock.monotonic()
        edits.edit_product(world.shop, product, "title", "First")
        await world.first_tries()
        delete_product(world.shop, product)
        await world.clock.run_until(world.dispatcher.idle())
        assert [got.at - start for got in world.got] == [
            0, 56, 169, 395, 847, 1751, 3558, 7172, 14400,
        ]  # fmt: skip
        assert sum(RETRY_AFTER) == 4 * 3600
        assert all(later > earlier for earlier, later in pairwise(RETRY_AFTER))
        assert {got.body["title"] for got in world.got} == {"First"}
        assert len({got.content for got in world.got}) == 1
        for name in ("Webhook-Id", "Event-Id", "Triggered-At", "Hmac-Sha256"):
            assert len({got.headers[f"X-Shopify-{name}"] for got in world.got}) == 1
        delivery = world.dispatcher.recent(world.shop)[0]
        assert (delivery.state, [each.status for each in delivery.attempts]) == (State.FAILED, [500] * 9)
        assert world.app.subscriptions


async def test_a_retry_that_succeeds_is_the_last() -> None:
    async with told("products/create") as world:
        world.answer = lambda _: httpx.Response(503 if len(world.got) < 4 else 201)
        cup(world)
        got = await world.settle()
        assert [each.at for each in got] == [0, 56, 169, 395]
        (delivery,) = world.dispatcher.recent(world.shop)
        assert (delivery.state, [each.status for each in delivery.attempts]) == (
            State.DELIVERED,
            [503, 503, 503, 201],
        )


@pytest.mark.parametrize("status", [199, 204, 299, 301, 307, 400, 404, 410, 429, 500])
async def test_anything_but_success_is_a_failure_redirects_too(status: int) -> None:
    async with told("products/create") as world:
        world.answer = lambda _: httpx.Response(status, headers={"Location": "https://elsewhere.test/"})
        cup(world)
        await world.first_tries()
        (delivery,) = world.dispatcher.recent(world.shop)
        assert [got.url for got in world.got] == [f"{APP_URL}/webhooks"]
        assert delivery.state is (State.DELIVERED if 200 <= status < 300 else State.RETRYING)


async def test_a_subscription_by_api_ends_after_the_last_retry_and_with_it_all_that_waits() -> None:
    async with told("products/create") as world:
        subscription = by_api(world, "products/update")
        product = cup(world)
        await world.settle()
        world.answer = lambda _: httpx.Response(500)
        edits.edit_product(world.shop, product, "title", "First")
        await world.pass_time(7200)
        edits.edit_product(world.shop, product, "title", "Second")
        await world.pass_time(7199)
        assert subscription.id in world.installation.subscriptions
        await world.pass_time(1)
        assert world.installation.subscriptions == {}
        tried = Counter(got.body["title"] for got in world.got)
        await world.settle()
        assert tried["First"] == 9
        assert tried["Second"] < 9
        assert [delivery.state for delivery in world.dispatcher.recent(world.shop)][:2] == [
            State.CANCELED,
            State.FAILED,
        ]
        edits.edit_product(world.shop, product, "title", "Third")
        assert await world.settle() == []
        cup(world, "Plate")
        await world.first_tries()
        assert world.topics == ["products/create"]


async def test_an_answer_that_comes_too_late_is_none() -> None:
    async def hang(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("nobody wakes it")

    async with told("products/create", limits=Limits(total_seconds=0.05)) as world:
        await world.dispatcher.stop()
        async with httpx.AsyncClient(transport=httpx.MockTransport(hang)) as http:
            world.dispatcher.start(http)
            cup(world)
            await asyncio.wait_for(world.dispatcher.idle(retries=False), 5)
            (delivery,) = world.dispatcher.recent(world.shop)
            assert delivery.state is State.RETRYING
            assert [(each.status, each.error) for each in delivery.attempts] == [(None, "no answer in time")]


async def test_an_app_that_cannot_be_reached() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with told("products/create") as world:
        await world.dispatcher.stop()
        async with httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as http:
            world.dispatcher.start(http)
            cup(world)
            await world.clock.run_until(world.dispatcher.idle())
            (delivery,) = world.dispatcher.recent(world.shop)
            assert delivery.state is State.FAILED
            assert [each.error for each in delivery.attempts] == ["ConnectError"] * 9


async def test_only_who_has_subscribed_and_may_know_is_told() -> None:
    async with told("inventory_levels/update", "products/create", scopes=("write_products",)) as world:
        cup(world)
        assert [got.topic for got in await world.settle()] == ["products/create"]
        install_app(world.sandbox, world.shop, CLIENT_ID, ("write_products", "read_inventory"))
        cup(world, "Plate")
        assert sorted(got.topic for got in await world.settle()) == [
            "inventory_levels/update",
            "products/create",
        ]
        install_app(world.sandbox, world.shop, CLIENT_ID, ())
        cup(world, "Bowl")
        assert await world.settle() == []


async def test_shops_without_the_app_and_other_apps_hear_nothing() -> None:
    async with told("products/create", "app/uninstalled", "app/scopes_update") as world:
        other = register_app(world.sandbox, "other", "another-secret")
        other.subscriptions = list(world.app.subscriptions)
        install_app(world.sandbox, world.shop, "other", ("read_products",))
        stranger = add_shop(world.sandbox, "stranger.myshopify.com")
        edits.add_product(stranger, "Cup", "1", "", "")
        assert await world.settle() == []
        install_app(world.sandbox, world.shop, "other", ())
        (scopes,) = await world.settle()
        assert (scopes.topic, scopes.is_signed) == ("app/scopes_update", False)
        uninstall_app(world.shop, "other")
        assert [(got.topic, got.is_signed) for got in await world.settle()] == [("app/uninstalled", False)]
        cup(world)
        (created,) = await world.settle()
        assert (created.topic, created.is_signed) == ("products/create", True)


async def test_after_the_uninstallation_nothing_more_arrives_not_even_a_retry() -> None:
    async with told("products/create", "products/update", "app/uninstalled") as world:
        by_api(world, "app/uninstalled", "https://other.test/bye")
        world.answer = lambda got: httpx.Response(500 if got.topic == "products/create" else 200)
        product = cup(world)
        await world.first_tries()
        assert world.topics == ["products/create", "products/update"]
        world.got.clear()
        edits.edit_product(world.shop, product, "title", "Mug")
        uninstall_app(world.shop, CLIENT_ID)
        edits.edit_product(world.shop, product, "title", "Plate")
        assert world.dispatcher.counts[State.RETRYING] == 1
        got = await world.settle()
        assert world.clock.monotonic() == 0, "nobody waits for a retry that will not be"
        assert [each.topic for each in got] == ["app/uninstalled"] * 2
        assert {each.url for each in got} == {f"{APP_URL}/webhooks", "https://other.test/bye"}


async def test_who_comes_back_within_two_days_keeps_his_data() -> None:
    async with told("app/uninstalled", compliance=COMPLIANCE) as world:
        uninstall_app(world.shop, CLIENT_ID)
        await world.pass_time(24 * 3600)
        install_app(world.sandbox, world.shop, CLIENT_ID)
        await world.pass_time(48 * 3600)
        assert world.topics == ["app/uninstalled"]
        uninstall_app(world.shop, CLIENT_ID)
        await world.pass_time(24 * 3600)
        install_app(world.sandbox, world.shop, CLIENT_ID)
        uninstall_app(world.shop, CLIENT_ID)
        await world.pass_time(24 * 3600)
        assert "shop/redact" not in world.topics
        await world.pass_time(24 * 3600)
        assert world.topics.count("shop/redact") == 1


async def test_fate_drops_doubles_and_reorders() -> None:
    async with told("products/create") as world:
        plans = {"Lost": [], "Twice": [Planned(0), Planned(30)], "Late": [Planned(60)], "Soon": [Planned()]}

        def fate(delivery: Delivery) -> list[Planned]:
            return plans[Got("", httpx.Headers(), delivery.body, "", 0).body["title"]]

        world.dispatcher.fate = fate
        for title in ("Late", "Lost", "Twice", "Soon"):
            cup(world, title)
        got = await world.settle()
        assert [(each.body["title"], each.at) for each in got] == [
            ("Twice", 0),
            ("Soon", 0),
            ("Twice", 30),
            ("Late", 60),
        ]
        assert got[0].headers["X-Shopify-Webhook-Id"] == got[2].headers["X-Shopify-Webhook-Id"]
        assert world.dispatcher.counts[State.DROPPED] == 1
        assert world.dispatcher.counts[State.DELIVERED] == 4


async def test_what_is_held_back_goes_out_later() -> None:
    async with told("products/create") as world:
        world.dispatcher.pause()
        cup(world)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(world.dispatcher.idle(), 0.02)
        assert world.got == []
        world.dispatcher.resume()
        assert [got.topic for got in await world.settle()] == ["products/create"]


async def test_once_more_by_hand() -> None:
    async with told("products/create") as world:
        cup(world)
        (first,) = await world.settle()
        world.dispatcher.redeliver(world.dispatcher.recent(world.shop)[0])
        (again,) = await world.settle()
        assert (again.content, again.headers) == (first.content, first.headers)


async def test_once_more_while_the_first_waits_for_a_retry() -> None:
    async with told("products/create") as world:
        world.answer = lambda _: httpx.Response(500)
        cup(world)
        await world.first_tries()
        world.answer = lambda _: httpx.Response(200)
        (waiting,) = world.dispatcher.recent(world.shop)
        assert waiting.next_attempt_at is not None
        world.dispatcher.redeliver(waiting)
        await world.first_tries()
        again = world.dispatcher.recent(world.shop)[0]
        assert (again.state, again.next_attempt_at, len(again.attempts)) == (State.DELIVERED, None, 1)
        await world.settle()
        assert [each.status for each in waiting.attempts] == [500, 200]


async def test_many_travel_side_by_side_but_not_more_than_allowed() -> None:
    async with told("products/create", limits=Limits(at_once=7)) as world:
        await world.dispatcher.stop()
        under_way, most, arrived = 0, 0, 0

        async def receive(request: httpx.Request) -> httpx.Response:
            nonlocal under_way, most, arrived
            under_way += 1
            most = max(most, under_way)
            await world.clock.sleep(1)
            under_way -= 1
            arrived += 1
            return httpx.Response(200)

        async with httpx.AsyncClient(transport=httpx.MockTransport(receive)) as http:
            world.dispatcher.start(http)
            for number in range(30):
                cup(world, f"Cup {number}")
            await world.clock.run_until(world.dispatcher.idle())
        assert (most, arrived, world.clock.monotonic()) == (7, 30, 5)


async def test_a_catalogue_that_is_loaded_is_told_to_nobody() -> None:
    async with told() as world:
        load(world.shop, generate(Recipe(), 50))
        assert await world.settle() == []


async def test_stopping_ends_what_is_under_way_and_starting_begins_anew() -> None:
    async with told("products/create") as world:
        world.answer = lambda _: httpx.Response(500)
        cup(world)
        await world.first_tries()
        quiet = asyncio.ensure_future(world.dispatcher.idle())
        await asyncio.sleep(0)
        assert not quiet.done()
        await world.dispatcher.stop()
        await world.dispatcher.stop()
        await asyncio.wait_for(quiet, 5)
        assert world.clock.next_wake() is None
        assert world.sandbox.listeners == []
        cup(world, "Plate")
        world.got.clear()
        async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as http:
            world.dispatcher.start(http)
            world.dispatcher.start(http)
            cup(world, "Bowl")
            await world.clock.run_until(world.dispatcher.idle())
            assert world.dispatcher.counts[State.DELIVERED] == 1


async def test_a_dispatcher_that_was_never_started_costs_and_does_nothing() -> None:
    async with told("products/create") as world:
        await world.dispatcher.stop()
        idle = Dispatcher(world.sandbox)
        cup(world)
        await idle.idle()
        assert idle.recent(world.shop) == []
        await idle.stop()


@pytest.mark.parametrize("seed", range(5))
async def test_every_delivery_ends_with_a_success_or_after_nine_tries(seed: int) -> None:
    chance = Random(seed)
    answers: dict[str, list[int]] = {}

    def answer(got: Got) -> httpx.Response:
        status = chance.choices((200, 204, 302, 429, 503), (1, 1, 4, 4, 4))[0]
        answers.setdefault(got.headers["X-Shopify-Webhook-Id"], []).append(status)
        return httpx.Response(status)

    async with told("products/create", limits=Limits(at_once=3)) as world:
        world.answer = answer
        products = [cup(world, f"Cup {number}") for number in range(40)]
        await world.settle()
        deliveries = world.dispatcher.recent(world.shop)
        assert sorted(orjson.loads(delivery.body)["id"] for delivery in deliveries) == sorted(
            product.id for product in products
        ), seed
        for delivery in deliveries:
            statuses = answers[delivery.webhook_id]
            assert [attempt.status for attempt in delivery.attempts] == statuses, seed
            assert all(status not in (200, 204) for status in statuses[:-1]), seed
            arrived = statuses[-1] in (200, 204)
            assert delivery.state is (State.DELIVERED if arrived else State.FAILED), seed
            assert arrived or len(statuses) == 9, seed
        ends = Counter(delivery.state for delivery in deliveries)
        assert ends[State.DELIVERED] > 0 < ends[State.FAILED], seed
