"""Programs with an API token: the Python client gql over a real server, on every route there is."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
import pytest
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportConnectionFailed, TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from backend.api_tokens.secret import new_token
from backend.jobs.events import JobEvent, Recall, publish
from backend.models.api_token import ApiToken, TokenScope
from backend.models.connection import Connection
from backend.models.job import Job, JobPhase, JobState
from backend.models.shop import Role, Shop
from backend.web.vigil import CHECK_SECONDS, LONGEST_SECONDS
from tests.api import Api, a_job, chosen
from tests.app.serving import until

WATCH = "subscription($id: ID!) { jobProgress(jobId: $id) { state progress { done total } } }"


def over_http(address: str, token: str) -> Client:
    transport = HTTPXAsyncTransport(
        url=f"http://{address}/graphql", headers={"Authorization": f"Bearer {token}"}
    )
    return Client(transport=transport)


def over_socket(address: str, token: str, **options: Any) -> Client:
    transport = WebsocketsTransport(
        url=f"ws://{address}/graphql", init_payload={"authorization": f"Bearer {token}"}, **options
    )
    return Client(transport=transport)


def asked(query: str, **variables: object) -> GraphQLRequest:
    return GraphQLRequest(query, variable_values=variables)


async def tell(api: Api, job: Job, **changed: object) -> None:
    for name, value in changed.items():
        setattr(job, name, value)
    await job.save()
    tie = await job.connection
    await publish(api.services.runtime.redis, JobEvent(job.id, tie.id, (tie.main_id, tie.dependent_id)))


async def revoke(api: Api, shop: Shop) -> None:
    """As a person does it in the admin."""
    row = await ApiToken.get(shop_id=shop.id, revoked_at__isnull=True)
    payload = await api.change(shop.domain, "revokeApiToken", f'(id: "{row.id}")', answer="apiToken { id }")
    assert payload["userErrors"] == []


async def test_queries_and_mutations_over_http(api: Api, address: str) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    async with over_http(address, await api.api_token(main)) as session:
        found = await session.execute(asked("{ shop { domain } connections { nodes { id } } }"))
        assert found == {"shop": {"domain": main.domain}, "connections": {"nodes": [{"id": str(tie.id)}]}}
        sync = "mutation { syncAll { jobs { id trigger connection { id } } userErrors { code } } }"
        started = (await session.execute(asked(sync)))["syncAll"]
    job = await Job.get(connection_id=tie.id)
    assert started == {
        "jobs": [{"id": str(job.id), "trigger": "API", "connection": {"id": str(tie.id)}}],
        "userErrors": [],
    }
    async with over_http(address, await api.api_token(dependent, TokenScope.READ)) as session:
        seen = await session.execute(asked("query($id: ID!) { job(id: $id) { trigger } }", id=str(job.id)))
        assert seen == {"job": {"trigger": "API"}}
        answer = await session.execute(asked("mutation { syncAll { jobs { id } userErrors { code } } }"))
        assert answer == {"syncAll": {"jobs": None, "userErrors": [{"code": "TOKEN_READ_ONLY"}]}}
    assert await Job.all().count() == 1


async def test_the_progress_of_a_job_over_a_socket(api: Api, address: str) -> None:
    main, _, tie = await api.a_pair()
    job = await a_job(tie, state=JobState.RUNNING, phase=JobPhase.APPLY, done=1, total=4)
    seen: list[dict[str, Any]] = []
    async with over_socket(address, await api.api_token(main, TokenScope.READ)) as session:
        async for answer in session.subscribe(asked(WATCH, id=str(job.id))):
            seen.append(answer["jobProgress"])
            if len(seen) == 1:
                await tell(api, job, done=3)
            elif len(seen) == 2:
                await tell(api, job, done=4, state=JobState.SUCCEEDED, phase=JobPhase.DONE)
    assert seen == [
        {"state": "RUNNING", "progress": {"done": 1, "total": 4}},
        {"state": "RUNNING", "progress": {"done": 3, "total": 4}},
        {"state": "SUCCEEDED", "progress": {"done": 4, "total": 4}},
    ]
    await until(lambda: not api.services.hub.watchers)


async def test_queries_over_a_socket_and_no_mutation_for_a_token_that_reads(api: Api, address: str) -> None:
    main, _, tie = await api.a_pair()
    await chosen(tie)
    async with over_socket(address, await api.api_token(main, TokenScope.READ)) as session:
        assert await session.execute(asked("{ shop { domain } }")) == {"shop": {"domain": main.domain}}
        answer = await session.execute(asked("mutation { syncAll { jobs { id } userErrors { code } } }"))
        assert answer == {"syncAll": {"jobs": None, "userErrors": [{"code": "TOKEN_READ_ONLY"}]}}
    assert await Job.all().count() == 0


async def test_a_token_never_sees_another_shops_data_on_any_route(api: Api, address: str) -> None:
    _, _, tie = await api.a_pair()
    job = await a_job(tie, state=JobState.RUNNING)
    stranger = await api.a_shop("stranger", Role.MAIN)
    token = await api.api_token(stranger)
    theirs = "query($id: ID!) { job(id: $id) { id } connections { nodes { id } } shops { nodes { domain } } }"
    expected: dict[str, Any] = {
        "job": None,
        "connections": {"nodes": []},
        "shops": {"nodes": [{"domain": stranger.domain}]},
    }
    async with over_http(address, token) as session:
        assert await session.execute(asked(theirs, id=str(job.id))) == expected
    async with over_socket(address, token) as session:
        assert await session.execute(asked(theirs, id=str(job.id))) == expected
        with pytest.raises(TransportQueryError) as refused:
            await anext(session.subscribe(asked(WATCH, id=str(job.id))))
    assert refused.value.errors is not None
    assert refused.value.errors[0]["extensions"]["code"] == "NOT_FOUND"
    # What happens to strangers' jobs is told to nobody else either.
    async with over_socket(address, token) as session:
        events = session.subscribe(asked("subscription { jobs { id } }"))
        waiting = asyncio.ensure_future(anext(events))
        await until(lambda: api.services.hub.watchers)
        await tell(api, job, done=2)
        mine = await _job_of(api, stranger)
        await tell(api, mine, done=1)
        async with asyncio.timeout(15):
            assert await waiting == {"jobs": {"id": str(mine.id)}}
        await events.aclose()


async def _job_of(api: Api, main: Shop) -> Job:
    dependent = await api.a_shop("strangers-dependent", Role.DEPENDENT)
    key = (await api.ask(main.domain, "{ shop { connectionKey } }"))["shop"]["connectionKey"]
    tied = await api.change(dependent.domain, "connectWithKey", f'(key: "{key}")', answer="connection { id }")
    return await a_job(await Connection.get(id=tied["connection"]["id"]), state=JobState.RUNNING)


async def test_a_refusal_reaches_the_client_with_its_code(api: Api, address: str) -> None:
    main = await api.a_shop("main", Role.MAIN)
    revoked = await api.api_token(main, name="Revoked")
    await revoke(api, main)
    unmade = new_token()
    refusals = {revoked: "TOKEN_REVOKED", unmade: "TOKEN_UNKNOWN", unmade[:-1]: "TOKEN_MALFORMED"}
    for token, code in refusals.items():
        with pytest.raises(TransportQueryError) as over:
            async with over_http(address, token) as session:
                await session.execute(asked("{ shop { id } }"))
        assert over.value.errors is not None
        assert over.value.errors[0]["extensions"] == {"code": code}
        assert token not in str(over.value)
        assert await _closed_with(address, token) == (4403, code)
        with pytest.raises(TransportConnectionFailed):
            async with over_socket(address, token) as session:
                await session.execute(asked("{ shop { id } }"))
    gone = await api.api_token(main)
    await Shop.filter(id=main.id).update(uninstalled_at=api.clock.now())
    assert await _closed_with(address, gone) == (4403, "APP_NOT_INSTALLED")


async def _closed_with(address: str, token: str) -> tuple[int, str]:
    async with _a_socket(address, token) as socket:
        return await _code_of_closing(socket)


@asynccontextmanager
async def _a_socket(address: str, token: str) -> AsyncIterator[Any]:
    async with (
        asyncio.timeout(15),
        connect(
            f"ws://{address}/graphql",
            subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
        ) as socket,
    ):
        payload = {"authorization": f"Bearer {token}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        yield socket


async def _code_of_closing(socket: Any) -> tuple[int, str]:
    """What the server closes it with, whatever it sends before."""
    try:
        while True:
            await socket.recv()
    except ConnectionClosed as closed:
        return (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (0, "")


async def test_revoking_a_token_closes_what_it_has_open_at_once(api: Api, address: str) -> None:
    main, dependent, tie = await api.a_pair()
    job = await a_job(tie, state=JobState.RUNNING)
    token, other = await api.api_token(main), await api.api_token(dependent)
    watch = {"id": "1", "type": "subscribe", "payload": {"query": WATCH, "variables": {"id": str(job.id)}}}
    async with _a_socket(address, token) as revoked, _a_socket(address, other) as stays:
        for socket in (revoked, stays):
            await socket.recv()
            await socket.send(json.dumps(watch))
            assert json.loads(await socket.recv())["type"] == "next"
        await revoke(api, main)
        assert await _code_of_closing(revoked) == (4401, "TOKEN_REVOKED")
        await tell(api, job, done=7)
        assert json.loads(await stays.recv())["payload"]["data"]["jobProgress"]["progress"]["done"] == 7


async def test_a_revocation_that_was_not_announced_is_found_within_a_minute(api: Api, address: str) -> None:
    main, _, _ = await api.a_pair()
    async with _a_socket(address, await api.api_token(main)) as socket:
        await socket.recv()
        await until(lambda: api.clock.sleeping)
        await ApiToken.filter(shop_id=main.id).update(revoked_at=api.clock.now())
        api.clock.ahead += CHECK_SECONDS
        assert await _code_of_closing(socket) == (4401, "TOKEN_REVOKED")


async def test_removing_the_app_closes_what_its_tokens_have_open(api: Api, address: str) -> None:
    main, _, _ = await api.a_pair()
    async with _a_socket(address, await api.api_token(main)) as socket:
        await socket.recv()
        await Shop.filter(id=main.id).update(uninstalled_at=api.clock.now())
        await publish(api.services.runtime.redis, Recall(main.id))
        assert await _code_of_closing(socket) == (4401, "APP_NOT_INSTALLED")


async def test_a_client_comes_back_when_its_quarter_of_an_hour_is_over(api: Api, address: str) -> None:
    main, _, tie = await api.a_pair()
    job = await a_job(tie, state=JobState.RUNNING, done=1, total=2)
    client = over_socket(address, await api.api_token(main, TokenScope.READ))
    seen: list[int] = []
    while len(seen) < 2:
        with suppress(TransportConnectionFailed):
            async with client as session:
                async for answer in session.subscribe(asked(WATCH, id=str(job.id))):
                    seen.append(answer["jobProgress"]["progress"]["done"])
                    await until(lambda: api.clock.sleeping)
                    await tell(api, job, done=2)
                    api.clock.ahead += LONGEST_SECONDS
    assert seen == [1, 2]


async def test_server_sent_events_end_with_the_token(api: Api, address: str) -> None:
    main, _, tie = await api.a_pair()
    job = await a_job(tie, state=JobState.RUNNING, done=1, total=2)
    token = await api.api_token(main, TokenScope.READ)
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    body = {"query": WATCH, "variables": {"id": str(job.id)}}
    seen: list[dict[str, Any]] = []
    async with (
        asyncio.timeout(20),
        httpx.AsyncClient() as http,
        http.stream("POST", f"http://{address}/graphql/stream", json=body, headers=headers) as answer,
    ):
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            if line.startswith("data:") and line[5:].strip():
                seen.append(json.loads(line[5:]))
                if len(seen) == 1:
                    await revoke(api, main)
    assert seen[0]["data"]["jobProgress"]["progress"] == {"done": 1, "total": 2}
    assert seen[1]["errors"][0]["extensions"]["code"] == "TOKEN_REVOKED"
    async with httpx.AsyncClient() as http:
        again = await http.post(f"http://{address}/graphql/stream", json=body, headers=headers)
    assert again.status_code == 401
    assert again.json()["errors"][0]["extensions"]["code"] == "TOKEN_REVOKED"
