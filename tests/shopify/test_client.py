"""What the client makes of answers: every error by its remedy, never half an answer, never a secret."""

import traceback
from typing import Any

import httpx
import pytest
import respx

from backend.errors import (
    AccessLost,
    AppError,
    ErrorCode,
    InvalidRequest,
    RetryError,
    Throttled,
    Unavailable,
)
from backend.shopify.answer import IdempotencySpent, TooCostly
from backend.shopify.bucket import Priority, ThrottleStatus
from backend.shopify.client import FRESH_SECONDS, ShopClient
from backend.shopify.documents import document
from backend.shopify.throttle import LocalThrottle
from sandbox.clock import VirtualClock
from tests.shopify.wire import SHOP, TOKEN, URL, Reply, body, raw, reply, scripted

QUERY = document("Existing")
MUTATION = document("DeleteProduct")
KEYED = document("SetStock")
GIDS = {"ids": ["gid://shopify/Product/1"]}
NODES = {"nodes": [None]}


def error(code: str | None, message: str = "No.") -> dict[str, Any]:
    return {"message": message} | ({"extensions": {"code": code}} if code else {})


def throttled(available: int = 0, requested: int = 10) -> Reply:
    status = {"maximumAvailable": 2000, "currentlyAvailable": available, "restoreRate": 100}
    cost = {"requestedQueryCost": requested, "actualQueryCost": None, "throttleStatus": status}
    return reply(errors=[error("THROTTLED", "Throttled")], cost=cost)


async def test_sends_the_document_with_the_token_and_answers_the_data() -> None:
    clock = VirtualClock()

    async def token() -> str:
        return TOKEN

    async with httpx.AsyncClient() as http:
        client = ShopClient(shop=SHOP, token=token, throttle=LocalThrottle(clock), http=http, clock=clock)
        with respx.mock:
            route = respx.post(URL).respond(json=body(NODES), headers={"X-Shopify-API-Version": "2026-10"})
            answer = await client.query(QUERY, GIDS)
    request = route.calls.last.request
    assert request.headers["X-Shopify-Access-Token"] == TOKEN
    assert request.headers["Content-Type"] == "application/json"
    assert answer.data == NODES
    assert answer.observed_at == clock.now()
    assert answer.version == "2026-10"
    assert (client.usage.points, client.usage.calls) == (10, 1)
    assert client.usage.calls_by_operation == {"Existing": 1}


async def test_an_explicit_null_is_sent_as_null() -> None:
    client, script = scripted(reply({"inventorySetQuantities": {}}))
    await client.query(KEYED, {"input": {"changeFromQuantity": None}}, idempotency_key="key-1")
    assert script.sent == [{"input": {"changeFromQuantity": None}, "key": "key-1"}]


HTML = b"<html><body>502 Bad Gateway</body></html>"


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (raw(HTML, 502), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(HTML, 200), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b""), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b'{"data":{"nodes":[nu'), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b"[]"), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b"null"), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b'{"data":null}'), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b"{}"), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b'{"data":[]}'), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b'{"errors":"Not Found"}'), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b'{"errors":[1]}'), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (reply(errors=[error(None)]), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (reply(NODES, errors=[error(None)]), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (reply(NODES, errors=[error("INTERNAL_SERVER_ERROR")]), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (reply(errors=[error("TIMEOUT")]), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b"", 301), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b"", 408), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b"", 430), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b"", 503), Unavailable, ErrorCode.SHOPIFY_UNAVAILABLE),
        (raw(b"", 401), AccessLost, ErrorCode.SHOPIFY_ACCESS_LOST),
        (raw(b"", 402), AccessLost, ErrorCode.SHOPIFY_ACCESS_LOST),
        (raw(b"", 403), AccessLost, ErrorCode.SHOPIFY_ACCESS_LOST),
        (raw(b"", 404), AccessLost, ErrorCode.SHOPIFY_ACCESS_LOST),
        (raw(b"", 423), AccessLost, ErrorCode.SHOPIFY_ACCESS_LOST),
        (reply(errors=[error("SHOP_INACTIVE")]), AccessLost, ErrorCode.SHOPIFY_ACCESS_LOST),
        (reply(NODES, errors=[error("ACCESS_DENIED")]), AccessLost, ErrorCode.SCOPE_MISSING),
        (raw(b"", 400), InvalidRequest, ErrorCode.SHOPIFY_REJECTED),
        (raw(b"", 413), InvalidRequest, ErrorCode.SHOPIFY_REJECTED),
        (reply(errors=[error("undefinedField")]), InvalidRequest, ErrorCode.SHOPIFY_REJECTED),
        (reply(errors=[error("MAX_INPUT_SIZE_EXCEEDED")]), InvalidRequest, ErrorCode.SHOPIFY_REJECTED),
        (reply(errors=[error("MAX_COST_EXCEEDED")], cost=None), TooCostly, ErrorCode.SHOPIFY_REJECTED),
        (
            reply(errors=[error("IDEMPOTENCY_KEY_PARAMETER_MISMATCH")]),
            IdempotencySpent,
            ErrorCode.CHANGED_MEANWHILE,
        ),
        (
            reply(errors=[error("IDEMPOTENCY_CONCURRENT_REQUEST")]),
            RetryError,
            ErrorCode.SHOPIFY_UNAVAILABLE,
        ),
        (reply(errors=[error("THROTTLED"), error("ACCESS_DENIED")]), AccessLost, ErrorCode.SCOPE_MISSING),
    ],
)
async def test_every_answer_that_is_none_becomes_the_error_that_tells_the_remedy(
    answer: Reply, kind: type[AppError], code: ErrorCode
) -> None:
    client, script = scripted(answer, patience=0)
    with pytest.raises(kind) as raised:
        await client.query(MUTATION, {"id": "gid://shopify/Product/1"})
    assert type(raised.value) is kind
    assert raised.value.code is code
    assert len(script.requests) == 1


async def test_waits_as_long_as_a_refusal_needs_and_tries_again() -> None:
    client, script = scripted(throttled(available=0, requested=200), reply(NODES), patience=10)
    answer = await script.clock.run_until(client.query(QUERY, GIDS, priority=Priority.LIVE))
    assert answer.data == NODES
    assert script.clock.monotonic() == pytest.approx(2.0)
    assert (client.usage.throttled, client.usage.points, client.usage.calls) == (1, 10, 2)


async def test_background_work_also_waits_for_what_is_kept_for_people() -> None:
    client, script = scripted(throttled(available=0, requested=200), reply(NODES), patience=10)
    client.priority = Priority.LIVE
    await script.clock.run_until(client.query(QUERY, GIDS, priority=Priority.BACKGROUND))
    assert script.clock.monotonic() == pytest.approx(4.01)


async def test_a_refusal_is_passed_on_when_the_wait_is_beyond_patience() -> None:
    client, script = scripted(throttled(available=0, requested=1000), patience=5)
    with pytest.raises(Throttled) as raised:
        await script.clock.run_until(client.query(QUERY, GIDS))
    assert raised.value.after == pytest.approx(10.0)
    assert script.clock.monotonic() == 0


async def test_a_refusal_without_figures_waits_a_second() -> None:
    refusal = reply(errors=[error("THROTTLED")], cost=None)
    client, script = scripted(refusal, reply(NODES), patience=5)
    await script.clock.run_until(client.query(QUERY, GIDS))
    assert script.clock.monotonic() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("header", "after"),
    [
        ("2.5", 2.5),
        ("Mon, 02 Nov 2026 09:00:04 GMT", 4.0),
        ("Mon, 02 Nov 2026 08:00:00 GMT", 0.1),
        ("-3", 0.1),
        ("soon", 1.0),
        ("nan", 1.0),
        ("inf", 1.0),
        (None, 1.0),
    ],
)
async def test_429_waits_as_its_header_says(header: str | None, after: float) -> None:
    headers = {} if header is None else {"Retry-After": header}
    client, script = scripted(raw(b"", 429, headers), reply(NODES), patience=10)
    await script.clock.run_until(client.query(QUERY, GIDS))
    assert script.clock.monotonic() == pytest.approx(after)


@pytest.mark.parametrize(
    ("failure", "sent"),
    [
        (httpx.ConnectError("refused"), False),
        (httpx.ConnectTimeout("slow"), False),
        (httpx.PoolTimeout("full"), False),
        (httpx.ReadTimeout("silent"), True),
        (httpx.WriteTimeout("stuck"), True),
        (httpx.ReadError("reset"), True),
        (httpx.RemoteProtocolError("closed"), True),
    ],
)
async def test_tells_whether_a_mutation_may_have_taken_effect(failure: Exception, sent: bool) -> None:
    client, script = scripted(failure, failure, failure, patience=60)
    with pytest.raises(Unavailable) as raised:
        await script.clock.run_until(client.query(MUTATION, {"id": "gid://shopify/Product/1"}))
    assert raised.value.sent is sent
    assert len(script.requests) == (1 if sent else 3)


async def test_a_query_is_tried_three_times() -> None:
    client, script = scripted(raw(HTML, 502), httpx.ReadTimeout("silent"), reply(NODES), patience=60)
    answer = await script.clock.run_until(client.query(QUERY, GIDS))
    assert answer.data == NODES
    failing, other = scripted(*[raw(HTML, 502)] * 4, patience=60)
    with pytest.raises(Unavailable):
        await other.clock.run_until(failing.query(QUERY, GIDS))
    assert len(other.requests) == 3


async def test_a_mutation_with_a_key_is_sent_again_unchanged() -> None:
    client, script = scripted(httpx.ReadTimeout("silent"), reply({"inventorySetQuantities": {}}), patience=60)
    await script.clock.run_until(client.query(KEYED, {"input": {"name": "available"}}, idempotency_key="k"))
    first, second = script.requests
    assert first.content == second.content


async def test_a_newer_token_is_used_after_a_401() -> None:
    client, script = scripted(raw(b"", 401), reply(NODES), tokens=["old", "new"])
    assert (await client.query(QUERY, GIDS)).data == NODES
    assert [each.headers["X-Shopify-Access-Token"] for each in script.requests] == ["old", "new"]


async def test_a_refused_token_is_renewed() -> None:
    async def renew(refused: str) -> str:
        return f"instead of {refused}"

    client, script = scripted(raw(b"", 401), reply(NODES), tokens=["old"], renew=renew)
    assert (await client.query(QUERY, GIDS)).data == NODES
    assert [each.headers["X-Shopify-Access-Token"] for each in script.requests] == ["old", "instead of old"]


async def renewed(_refused: str) -> str:
    return "new"


async def test_a_fresh_token_that_is_refused_is_tried_once_more_after_a_pause() -> None:
    client, script = scripted(raw(b"", 401), raw(b"", 401), reply(NODES), tokens=["old"], renew=renewed)
    answer = await script.clock.run_until(client.query(MUTATION, {"id": "gid://shopify/Product/1"}))
    assert answer.data == NODES
    assert [each.headers["X-Shopify-Access-Token"] for each in script.requests] == ["old", "new", "new"]
    assert script.clock.monotonic() == pytest.approx(FRESH_SECONDS)


async def test_a_fresh_token_that_stays_refused_is_the_end() -> None:
    client, script = scripted(*[raw(b"", 401)] * 4, tokens=["old"], renew=renewed)
    with pytest.raises(AccessLost):
        await script.clock.run_until(client.query(QUERY, GIDS))
    assert len(script.requests) == 3


async def test_a_renewal_that_is_refused_is_the_end_at_once() -> None:
    async def refused(_token: str) -> str:
        raise AccessLost

    client, script = scripted(raw(b"", 401), tokens=["old"], renew=refused)
    with pytest.raises(AccessLost):
        await client.query(QUERY, GIDS)
    assert len(script.requests) == 1


async def test_the_same_token_is_not_tried_twice() -> None:
    client, script = scripted(raw(b"", 401))
    with pytest.raises(AccessLost):
        await client.query(QUERY, GIDS)
    assert len(script.requests) == 1


@pytest.mark.parametrize("version", ["2026-07", "2027-01", None])
async def test_a_version_that_our_documents_may_be_read_by_is_accepted(version: str | None) -> None:
    headers = {} if version is None else {"X-Shopify-API-Version": version}
    client, _ = scripted(reply(NODES, headers=headers))
    assert (await client.query(QUERY, GIDS)).version == (version or "2026-10")


@pytest.mark.parametrize("version", ["2025-04", "2026-04", "", "1999-01"])
async def test_an_older_version_is_no_answer_to_build_on(version: str) -> None:
    client, _ = scripted(reply(NODES, headers={"X-Shopify-API-Version": version}))
    with pytest.raises(InvalidRequest):
        await client.query(QUERY, GIDS)


@pytest.mark.parametrize(
    "cost",
    [
        None,
        {},
        [],
        {"requestedQueryCost": "ten"},
        {"requestedQueryCost": 1, "actualQueryCost": 1, "throttleStatus": {}},
        {"requestedQueryCost": 1, "actualQueryCost": 1, "throttleStatus": None},
        {
            "requestedQueryCost": 1,
            "actualQueryCost": 1,
            "throttleStatus": {"maximumAvailable": 0, "currentlyAvailable": 0, "restoreRate": 0},
        },
    ],
)
async def test_an_answer_without_usable_cost_counts_and_leaves_the_bucket_as_it_was(cost: Any) -> None:
    client, _ = scripted(reply(NODES), reply(NODES, cost=cost))
    await client.query(QUERY, GIDS)
    before = await client.throttle.status()
    assert before == ThrottleStatus(2000, 1990, 100)
    await client.query(QUERY, GIDS)
    after = await client.throttle.status()
    assert after == ThrottleStatus(2000, 1989, 100)
    assert client.usage.calls == 2


async def test_what_was_never_sent_costs_no_points() -> None:
    client, script = scripted(reply(NODES), *[httpx.ConnectError("refused")] * 3, patience=60)
    await client.query(QUERY, GIDS)
    with pytest.raises(Unavailable):
        await script.clock.run_until(client.query(QUERY, GIDS))
    status = await client.throttle.status()
    assert status is not None
    assert status.available >= 1990
    assert client.usage.calls == 1


async def test_a_token_that_cannot_be_had_holds_back_no_points() -> None:
    client, script = scripted(reply(NODES))
    await client.query(QUERY, GIDS)

    async def lost() -> str:
        raise AccessLost("no token")

    client.token = lost
    with pytest.raises(AccessLost):
        await client.query(QUERY, GIDS)
    assert await client.throttle.status() == ThrottleStatus(2000, 1990, 100)
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        raw(b"", 401),
        raw(HTML, 502),
        httpx.ReadTimeout("silent"),
        httpx.ConnectError("refused"),
        reply(errors=[error("ACCESS_DENIED")]),
        raw(b"", 400),
    ],
)
async def test_no_error_carries_the_token(answer: Reply) -> None:
    client, script = scripted(answer, patience=0)
    with pytest.raises(AppError) as raised:
        await client.query(MUTATION, {"id": "gid://shopify/Product/1"})
    shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + repr(client)
    assert TOKEN not in shown
    assert len(script.requests) == 1
