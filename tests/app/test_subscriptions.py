"""Subscriptions over a real server: graphql-transport-ws and server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from backend.jobs.events import JobEvent, publish
from backend.models.job import Job, JobPhase, JobState
from backend.web.vigil import CHECK_SECONDS, LONGEST_SECONDS
from tests.api import Api, a_job
from tests.app.serving import until

WATCH = "subscription($id: ID!) { jobProgress(jobId: $id) { state phase progress { done total } } }"


@asynccontextmanager
async def a_socket(address: str, token: str) -> AsyncIterator[ClientConnection]:
    async with connect(f"ws://{address}/graphql", subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        await socket.send(
            json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        )
        yield socket


async def _next(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(15):
        message: dict[str, Any] = json.loads(await socket.recv())
    return message


async def _close_code(socket: ClientConnection) -> int | None:
    """What the server closes the socket with, whatever it sends before."""
    try:
        while True:
            await _next(socket)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


async def _subscribe(socket: ClientConnection, job: Job) -> None:
    assert (await _next(socket))["type"] == "connection_ack"
    payload = {"query": WATCH, "variables": {"id": str(job.id)}}
    await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))


async def _tell(api: Api, job: Job) -> None:
    tie = await job.connection
    await publish(api.services.runtime.redis, JobEvent(job.id, tie.id, (tie.main_id, tie.dependent_id)))


async def test_progress_comes_at_once_then_as_it_changes_and_ends_with_the_job(
    api: Api, address: str
) -> None:
    main, _, tie = await api.a_pair()
    job = await a_job(tie, state=JobState.RUNNING, phase=JobPhase.APPLY, done=1, total=4)
    async with a_socket(address, api.token(main.domain)) as socket:
        await _subscribe(socket, job)
        now = await _next(socket)
        assert now["payload"]["data"]["jobProgress"] == {
            "state": "RUNNING", "phase": "APPLY", "progress": {"done": 1, "total": 4},
        }  # fmt: skip
        job.done = 3
        await job.save()
        await _tell(api, job)
        assert (await _next(socket))["payload"]["data"]["jobProgress"]["progress"] == {"done": 3, "total": 4}
        job.state, job.phase = JobState.SUCCEEDED, JobPhase.DONE
        await job.save()
        await _tell(api, job)
        assert (await _next(socket))["payload"]["data"]["jobProgress"]["state"] == "SUCCEEDED"
        assert await _next(socket) == {"id": "1", "type": "complete"}
    await until(lambda: not api.services.hub.watchers)


async def test_a_strangers_job_is_not_found(api: Api, address: str) -> None:
    _, _, tie = await api.a_pair()
    stranger = await api.a_shop("stranger")
    job = await a_job(tie, state=JobState.RUNNING)
    async with a_socket(address, api.token(stranger.domain)) as socket:
        await _subscribe(socket, job)
        answer = await _next(socket)
        errors = answer["payload"] if answer["type"] == "error" else answer["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == "NOT_FOUND"


async def test_a_socket_without_a_valid_token_is_closed(api: Api, address: str) -> None:
    async with a_socket(address, "nothing") as socket:
        with pytest.raises(ConnectionClosed) as caught:
            await _next(socket)
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 4403


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "1",
        "[]",
        '{"type": 1}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": [], "payload": {"query": "{ shop { id } }"}}',
        '{"type": "subscribe", "id": "1", "payload": 1}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 1}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ shop { id } }", "variables": []}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ shop { id } }", "operationName": {}}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "variables": {"a": "\\ud800"}}}',
        '{"type": "complete", "id": {}}',
    ],
)
async def test_a_message_that_makes_no_sense_closes_the_socket(api: Api, address: str, message: str) -> None:
    main = await api.a_shop("main")
    async with a_socket(address, api.token(main.domain)) as socket:
        assert (await _next(socket))["type"] == "connection_ack"
        await socket.send(message)
        with capture_logs() as logged:
            assert await _close_code(socket) == 4400
    assert logged == []


async def test_a_subscription_is_not_answered_once(api: Api, address: str) -> None:
    main, _, tie = await api.a_pair()
    body = {"query": WATCH, "variables": {"id": str((await a_job(tie)).id)}}
    headers = {"Authorization": f"Bearer {api.token(main.domain)}"}
    for path in ("/graphql", "/graphql/stream"):
        answer = await api.http.post(path, json=body, headers=headers)
        assert answer.status_code == 400
        assert [each["extensions"]["code"] for each in answer.json()["errors"]] == ["INVALID_INPUT"]


async def test_server_sent_events_have_a_route_of_their_own(api: Api, address: str) -> None:
    main, _, tie = await api.a_pair()
    job = await a_job(tie, state=JobState.RUNNING, phase=JobPhase.APPLY, done=1, total=4)
    seen: list[str] = []
    headers = {"Authorization": f"Bearer {api.token(main.domain)}", "Accept": "text/event-stream"}
    body = {"query": WATCH, "variables": {"id": str(job.id)}}
    async with (
        asyncio.timeout(20),
        httpx.AsyncClient() as client,
        client.stream("POST", f"http://{address}/graphql/stream", json=body, headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("data:") and "jobProgress" in line:
                seen.append(json.loads(line[5:])["data"]["jobProgress"]["state"])
                job.state = JobState.CANCELED
                await job.save()
                await _tell(api, job)
    assert seen == ["RUNNING", "CANCELED"]
    await until(lambda: not api.services.hub.watchers)


async def test_a_caller_who_stays_has_to_sign_in_again(api: Api, address: str) -> None:
    main, _, tie = await api.a_pair()
    job = await a_job(tie, state=JobState.RUNNING)
    async with a_socket(address, api.token(main.domain)) as socket:
        await _subscribe(socket, job)
        assert (await _next(socket))["type"] == "next"
        await until(lambda: api.clock.sleeping)
        api.clock.ahead += LONGEST_SECONDS
        assert await _close_code(socket) == 4401


async def test_removing_the_app_closes_its_sockets_within_a_minute(api: Api, address: str) -> None:
    main, _, tie = await api.a_pair()
    job = await a_job(tie, state=JobState.RUNNING)
    async with a_socket(address, api.token(main.domain)) as socket:
        await _subscribe(socket, job)
        assert (await _next(socket))["type"] == "next"
        await until(lambda: api.clock.sleeping)
        main.uninstalled_at = api.clock.now()
        await main.save(update_fields=["uninstalled_at"])
        api.clock.ahead += CHECK_SECONDS
        assert await _close_code(socket) == 4401
