"""The address that Shopify calls, with really signed deliveries."""

import asyncio
import gzip
from typing import Any

import httpx
import orjson
import pytest
from redis.asyncio import Redis
from starlette.types import Message
from structlog.testing import capture_logs

from backend.live.wake import wake
from backend.models.live import PendingSubject, SubjectKind, Webhook
from backend.models.shop import Role, Shop
from tests.api import Api, an_api
from tests.live.deliveries import Signed, delivery, signature

DOMAIN = "main.myshopify.com"
TEA = "gid://shopify/Product/788032119674292922"


@pytest.fixture
async def shop(api: Api) -> Shop:
    return await Shop.create(domain=DOMAIN, role=Role.MAIN)


async def send(api: Api, each: Signed) -> httpx.Response:
    return await api.http.post("/webhooks", content=each.body, headers=each.headers)


async def nothing_stored() -> None:
    assert await Webhook.all().count() == 0
    assert await PendingSubject.all().count() == 0


def counted(api: Api) -> dict[tuple[str, str], int]:
    return dict(api.services.metrics.webhooks)


async def test_a_signed_delivery_is_stored_when_it_is_answered(api: Api, shop: Shop) -> None:
    each = delivery()
    answer = await send(api, each)
    assert (answer.status_code, answer.content) == (200, b"")
    stored = await Webhook.get()
    assert (stored.id, stored.event_id, stored.topic, stored.shop_domain) == (
        each.id,
        "e1",
        "products/update",
        DOMAIN,
    )
    assert stored.triggered_at.isoformat() == "2026-11-20T10:00:00.123456+00:00"
    row = await PendingSubject.get()
    assert (row.shop_id, row.kind, row.gid) == (shop.id, SubjectKind.PRODUCT, TEA)
    assert row.happened_at == stored.triggered_at
    assert counted(api) == {("products/update", "stored"): 1}


async def test_the_workers_are_told_the_shop(api: Api, shop: Shop, redis_url: str) -> None:
    """By the same message that `wake` sends."""
    async with Redis.from_url(redis_url) as redis:
        await send(api, delivery())
        async with asyncio.timeout(10):
            while not (sent := await redis.hvals("dramatiq:live.msgs")):
                pass
        await redis.flushdb()
        await wake([shop.id])
        expected = await redis.hvals("dramatiq:live.msgs")
    assert [facts(each) for each in sent] == [facts(each) for each in expected]
    assert facts(sent[0])[2] == [str(shop.id)]


def facts(message: bytes | str) -> tuple[Any, ...]:
    read = orjson.loads(message)
    return read["actor_name"], read["queue_name"], read["args"]


async def test_a_second_delivery_of_the_id_is_answered_and_forgotten(api: Api, shop: Shop) -> None:
    each = delivery()
    await send(api, each)
    await PendingSubject.all().delete()
    assert (await send(api, each)).status_code == 200
    assert await Webhook.all().count() == 1
    assert await PendingSubject.all().count() == 0
    assert counted(api) == {("products/update", "stored"): 1, ("products/update", "duplicate"): 1}


async def test_events_that_come_out_of_order_are_one_subject_since_the_earliest(api: Api, shop: Shop) -> None:
    for second in (5, 2, 9):
        await send(api, delivery(triggered_at=f"2026-11-20T10:00:0{second}Z"))
    row = await PendingSubject.get()
    assert (row.happened_at.second, row.latest_at.second, row.seq) == (2, 9, 3)


async def test_a_body_that_differs_by_one_byte_is_refused(api: Api, shop: Shop) -> None:
    each = delivery(payload=b'{"id": 7}')
    assert (await send(api, Signed(b'{"id": 8}', each.headers))).status_code == 401
    assert (await send(api, Signed(b'{"id":7}', each.headers))).status_code == 401
    assert (await send(api, Signed(b"", each.headers))).status_code == 401
    await nothing_stored()
    assert counted(api) == {("", "wrong_signature"): 3}


@pytest.mark.parametrize(
    "given",
    [
        "not base64",
        "AAAA",
        signature(b'{"id":788032119674292922}', "another secret"),
        signature(b'{"id":788032119674292922}').rstrip("="),
        "\u00e9" * 44,
    ],
)
async def test_a_wrong_signature_is_refused(api: Api, shop: Shop, given: str) -> None:
    each = delivery()
    headers = {**each.headers, "X-Shopify-Hmac-Sha256": given}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = await api.http.post("/webhooks", content=each.body, headers=raw)
    assert (answer.status_code, answer.content) == (401, b"")
    await nothing_stored()


@pytest.mark.parametrize("given", [None, ""])
async def test_without_a_signature_the_request_is_a_bad_one(api: Api, shop: Shop, given: str | None) -> None:
    answer = await send(api, delivery().but(X_Shopify_Hmac_Sha256=given))
    assert (answer.status_code, answer.content) == (400, b"")
    await nothing_stored()
    assert counted(api) == {("", "unsigned"): 1}


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact", "shop/redact"])
async def test_compliance_topics_are_answered_and_refused_like_others(
    api: Api, shop: Shop, topic: str
) -> None:
    """Shopify's review sends both."""
    payload = {"shop_id": 1, "shop_domain": DOMAIN, "customer": {"email": "somebody@example.com"}}
    with capture_logs() as logged:
        assert (await send(api, delivery(topic, payload))).status_code == 200
        assert (await send(api, delivery(topic, payload, secret="another"))).status_code == 401
    kinds = [row.kind for row in await PendingSubject.all()]
    assert kinds == ([SubjectKind.REDACT] if topic == "shop/redact" else [])
    assert "somebody" not in str(logged)


async def test_names_of_headers_come_in_any_case(api: Api, shop: Shop) -> None:
    each = delivery()
    assert (await send(api, Signed(each.body, {k.lower(): v for k, v in each.headers.items()}))).is_success
    each = delivery()
    assert (await send(api, Signed(each.body, {k.upper(): v for k, v in each.headers.items()}))).is_success
    assert await Webhook.all().count() == 2


@pytest.mark.parametrize(
    "body", [b"", b"not JSON", b"[]", b'{"id": "7"}', b'{"id": 1e30}', b"\xff\xfe", b"[" * 100_000]
)
async def test_a_payload_that_is_not_understood_has_the_shop_asked_for_all_its_changes(
    api: Api, shop: Shop, body: bytes
) -> None:
    each = delivery(payload=body)
    with capture_logs() as logged:
        assert (await send(api, each)).status_code == 200
    assert [(row.id, row.topic) for row in await Webhook.all()] == [(each.id, "products/update")]
    assert [(row.kind, row.gid) for row in await PendingSubject.all()] == [(SubjectKind.CHANGED, "")]
    assert counted(api) == {("products/update", "malformed"): 1}
    (line,) = [line for line in logged if line["event"] == "webhook not understood"]
    assert (line["webhook"], line["shop"], line["bytes"]) == (each.id, DOMAIN, len(body))
    assert (await send(api, each)).status_code == 200
    assert counted(api)["products/update", "duplicate"] == 1


async def test_a_topic_nobody_asked_for_is_answered_and_counted(api: Api, shop: Shop) -> None:
    assert (await send(api, delivery("orders/create", b"not JSON"))).status_code == 200
    assert (await send(api, delivery('x"\\}{', b""))).status_code == 200
    await nothing_stored()
    assert counted(api) == {("other", "ignored"): 2}


@pytest.mark.parametrize("shop_header", ["stranger.myshopify.com", "evil.example.com", "", None])
async def test_a_shop_that_is_not_here_is_answered_and_leaves_nothing(
    api: Api, shop: Shop, shop_header: str | None
) -> None:
    answer = await send(api, delivery().but(X_Shopify_Shop_Domain=shop_header))
    assert answer.status_code == 200
    await nothing_stored()
    assert counted(api) == {("products/update", "unknown_shop"): 1}


async def test_a_large_payload_is_read_and_a_huge_one_refused(api: Api, shop: Shop) -> None:
    variants = [{"admin_graphql_api_id": f"gid://shopify/ProductVariant/{n}"} for n in range(30_000)]
    large = delivery(payload={"id": 5, "variant_gids": variants})
    assert 1_500_000 < len(large.body) < 4_000_000
    assert (await send(api, large)).status_code == 200
    assert (await PendingSubject.get()).gid == "gid://shopify/Product/5"
    huge = delivery(payload=b'{"id": 6, "body_html": "' + b"x" * 4_000_000 + b'"}')
    assert (await send(api, huge)).status_code == 413
    assert await Webhook.all().count() == 1


async def test_a_delivery_without_an_id_or_a_time_is_known_by_what_it_says(api: Api, shop: Shop) -> None:
    each = delivery().but(X_Shopify_Webhook_Id=None, X_Shopify_Triggered_At=None, X_Shopify_Event_Id=None)
    assert (await send(api, each)).status_code == 200
    assert (await send(api, each)).status_code == 200
    other = delivery(payload={"id": 6}).but(X_Shopify_Webhook_Id=None)
    assert (await send(api, other)).status_code == 200
    assert counted(api) == {("products/update", "stored"): 2, ("products/update", "duplicate"): 1}
    assert all(row.id.startswith("sha256:") and len(row.id) == 71 for row in await Webhook.all())


async def test_an_id_longer_than_any_is_cut_and_stored(api: Api, shop: Shop) -> None:
    assert (await send(api, delivery(id="i" * 5_000))).status_code == 200
    assert (await Webhook.get()).id == "i" * 128


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_other_methods_are_refused(api: Api, method: str) -> None:
    answer = await api.http.request(method, "/webhooks")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


async def test_a_caller_who_hangs_up_in_mid_body_is_counted_and_leaves_nothing(api: Api, shop: Shop) -> None:
    each = delivery()
    parts: list[Message] = [
        {"type": "http.request", "body": each.body[:10], "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return parts.pop(0)

    async def send_on(message: Message) -> None:
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in each.headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/webhooks", "headers": headers}
    await api.app(scope, receive, send_on)
    assert sent == []
    assert counted(api) == {("", "broken_off"): 1}
    await nothing_stored()


async def test_a_compressed_body_is_signed_as_it_comes_and_not_unpacked(api: Api, shop: Shop) -> None:
    each = delivery(payload=gzip.compress(b'{"id": 7}'))
    assert (await send(api, each)).status_code == 200
    assert counted(api) == {("products/update", "malformed"): 1}


async def test_the_old_secret_signs_while_shopify_changes_to_a_new_one(
    database_url: str, redis_url: str
) -> None:
    async with an_api(database_url, redis_url, SHOPIFY_OLD_CLIENT_SECRET="the old one") as api:
        await Shop.create(domain=DOMAIN)
        assert (await send(api, delivery(secret="the old one"))).status_code == 200
        assert (await send(api, delivery())).status_code == 200
        assert (await send(api, delivery(secret="an older one"))).status_code == 401
    assert counted(api) == {("products/update", "stored"): 2, ("", "wrong_signature"): 1}


async def test_metrics_tell_topics_outcomes_groups_and_seconds(api: Api, shop: Shop) -> None:
    await send(api, delivery())
    await send(api, delivery("orders/create"))
    lines = (await api.http.get("/metrics")).text.splitlines()
    assert 'webhooks_total{topic="products/update",outcome="stored"} 1' in lines
    assert 'webhooks_total{topic="other",outcome="ignored"} 1' in lines
    assert 'http_requests_total{path="/webhooks",status="200"} 2' in lines
    assert 'webhook_group_size_bucket{le="1"} 1' in lines
    assert "webhook_group_size_count 1" in lines
    assert 'webhook_seconds_bucket{le="+Inf"} 2' in lines
    assert "webhook_seconds_count 2" in lines
