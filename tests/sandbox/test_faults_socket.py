"""Connections that break, on real sockets: under uvloop as under asyncio's own loop."""

import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from sandbox.app import create_app
from sandbox.clock import RealClock
from sandbox.commands.shops import add_shop, register_app
from sandbox.draft import ProductDraft
from sandbox.place import place
from sandbox.store.sandbox import Sandbox
from sandbox.web.connection import Protocol
from tests.dev.test_child import eventually
from tests.sandbox.edges import CLIENT_ID, CLIENT_SECRET, DOMAIN, SCOPES, installed_token
from tests.sandbox.listening import listener_and_url

SET = 'mutation { productSet(input: {title: "Cup"}, synchronous: true) { product { title } } }'
RUN = """mutation { bulkOperationRunQuery(query: "{ products { edges { node { id title } } } }") {
  bulkOperation { id } userErrors { message } } }"""
OPERATION = "query($id: ID!) { bulkOperation(id: $id) { status url } }"


class Caller:
    def __init__(self, sandbox: Sandbox, client: httpx.Client) -> None:
        self.sandbox, self.client = sandbox, client
        self.shop = sandbox.shops[DOMAIN]
        self.token = installed_token(sandbox, self.shop)

    def post(self, query: str = SET, *, timeout: float = 20.0, **variables: str) -> httpx.Response:
        return self.client.post(
            f"/{DOMAIN}/admin/api/2026-10/graphql.json",
            headers={"X-Shopify-Access-Token": self.token},
            json={"query": query, "variables": variables},
            timeout=timeout,
        )

    def plan(self, kind: str, **rule: str | float) -> None:
        body = {"rules": [{"kind": kind, "times": 1, **rule}]}
        assert self.client.put("/_control/faults", json=body).status_code == 200

    def titles(self) -> list[str]:
        return [product.title for product in self.shop.products]


@pytest.fixture(params=["asyncio", "uvloop"])
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """A sandbox in a thread of its own, with a loop of each sort."""
    listener, url = listener_and_url()
    sandbox = Sandbox(RealClock(), base_url=url)
    register_app(sandbox, CLIENT_ID, CLIENT_SECRET, scopes=SCOPES)
    add_shop(sandbox, DOMAIN)
    sandbox.bulk.start_delay_seconds = 0.0
    config = uvicorn.Config(create_app(sandbox), http=Protocol, loop=request.param, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    with (
        httpx.HTTPTransport(retries=20) as transport,
        httpx.Client(transport=transport, base_url=url) as http,
    ):
        http.get("/_control/shops")
        yield Caller(sandbox, http)
    server.should_exit = True
    thread.join(timeout=20)
    assert not thread.is_alive()


@pytest.mark.parametrize(("when", "after"), [("before", []), ("after", ["Cup"])])
def test_the_peer_resets_the_connection(
    caller: Caller, caplog: pytest.LogCaptureFixture, when: str, after: list[str]
) -> None:
    caller.plan("reset", when=when)
    with pytest.raises(httpx.ReadError) as broken:
        caller.post()
    cause: BaseException | None = broken.value
    while cause is not None and not isinstance(cause, ConnectionResetError):
        cause = cause.__cause__ or cause.__context__
    assert isinstance(cause, ConnectionResetError)
    assert caller.titles() == after
    assert caller.post().status_code == 200
    assert caller.titles() == [*after, "Cup"]
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize(("when", "after"), [("before", []), ("after", ["Cup"])])
def test_silence_ends_with_a_closed_connection(
    caller: Caller, caplog: pytest.LogCaptureFixture, when: str, after: list[str]
) -> None:
    caller.plan("timeout", when=when, seconds=0.2)
    started = caller.sandbox.clock.monotonic()
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        caller.post()
    assert caller.sandbox.clock.monotonic() - started >= 0.2
    assert caller.titles() == after
    assert caller.post().status_code == 200
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_client_that_has_had_enough_ends_the_silence(
    caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    caller.plan("timeout", when="after", seconds=3600)
    with pytest.raises(httpx.ReadTimeout):
        caller.post(timeout=0.3)
    # A busy machine may take longer for the work than the client has patience.
    eventually(lambda: caller.titles() == ["Cup"])
    assert caller.post().status_code == 200
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_result_breaks_off_in_its_middle(caller: Caller) -> None:
    for number in range(400):
        place(caller.shop, ProductDraft(f"Cup {number}"), settled=True)
    operation = caller.post(RUN).json()["data"]["bulkOperationRunQuery"]["bulkOperation"]["id"]
    url = None
    while url is None:
        url = caller.post(OPERATION, id=operation).json()["data"]["bulkOperation"]["url"]
    whole = caller.client.get(url).content
    caller.plan("reset", when="after", match="download")
    received = bytearray()
    with caller.client.stream("GET", url) as response:
        assert (response.status_code, response.headers["Content-Length"]) == (200, str(len(whole)))
        with pytest.raises(httpx.TransportError):
            received.extend(part for chunk in response.iter_raw() for part in chunk)
    assert len(received) <= len(whole) // 2
    assert whole.startswith(received)
    assert caller.client.get(url).content == whole
