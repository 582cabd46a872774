"""What a person sees while something is away, and that it comes back without a reload."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, Route, WebSocketRoute, expect

from dev.stack import Stack
from tests.e2e.admin import Admin
from tests.e2e.control import Control

pytestmark = pytest.mark.e2e

RETRY = {"X-Shopify-Retry-Invalid-Session-Request": "1"}
SLOW = 1.0
"""Seconds for an answer of Shopify: so that a slow browser, too, sees what passes."""
CAUSED = ("Failed to load resource", "WebSocket connection to")


@pytest.fixture
def outages(complaints: list[str]) -> Iterator[None]:
    """What the browser itself says of requests that fail is expected."""
    yield
    complaints[:] = [line for line in complaints if not line.startswith(CAUSED)]


def pair(control: Control, name: str, products: int = 3) -> str:
    """A main and a dependent that has nothing yet; answers the dependent's name."""
    control.add_shop(f"{name}-main")
    control.add_shop(f"{name}-near")
    control.add_numbered(f"{name}-main", products)
    control.join(f"{name}-near", control.set_up(f"{name}-main"), {"products": "ALL"})
    return f"{name}-near"


def start_sync(app: FrameLocator) -> None:
    """And go to its job."""
    app.get_by_role("button", name="Sync all", exact=True).click()
    app.get_by_role("link", name="Sync all").first.click()


def refuse(page: Page) -> Iterator[None]:
    """While it runs no session token is good enough."""

    def answer(route: Route) -> None:
        route.fulfill(status=401, headers=RETRY, content_type="application/json", body="{}")

    page.context.route("**/graphql", answer)
    yield
    page.context.unroute("**/graphql", answer)


def test_a_session_that_ends_is_said_where_one_is_and_goes_on(
    admin: Admin, control: Control, by_hand: None, outages: None
) -> None:
    near = pair(control, "session")
    app = admin.open(near)
    expect(app.get_by_text("Products are loaded with the first sync").first).to_be_visible()
    refusing = refuse(admin.page)
    next(refusing)
    app.get_by_role("button", name="Sync all", exact=True).click()
    notice = app.get_by_text("Your session has ended. Nothing was lost.")
    expect(notice).to_be_visible()
    expect(app.get_by_role("button", name="Reload the page")).to_be_visible()
    # What was there is still there.
    expect(app.get_by_text("Products are loaded with the first sync").first).to_be_visible()
    admin.look("session-over")
    next(refusing, None)
    expect(notice).to_have_count(0)
    start_sync(app)
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()


@pytest.mark.parametrize("proxy", ["refuses", "swallows"])
def test_progress_arrives_where_a_proxy_lets_no_socket_through(
    admin: Admin, control: Control, by_hand: None, outages: None, proxy: str
) -> None:
    near = pair(control, f"proxy-{proxy}", 6)
    control.set_latency(SLOW)
    tried: list[str] = []

    def between(socket: WebSocketRoute) -> None:
        tried.append(socket.url)
        if proxy == "refuses":
            socket.close(code=1011)

    admin.page.route_web_socket("**/graphql", between)
    app = admin.open(near)
    start_sync(app)
    expect(app.get_by_role("progressbar")).to_be_visible()
    control.set_latency(0)
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()
    expect(app.get_by_text("6 applied").or_(app.get_by_text("Applied")).first).to_be_visible()
    # The list follows as well, and keeps trying for a socket.
    app.get_by_role("button", name="Dashboard").or_(app.get_by_role("link", name="Dashboard")).first.click()
    expect(app.get_by_text("6 of 6 products linked")).to_have_count(2)
    control.add_product(near.replace("near", "main"), "Seventh", sku="P-7")
    control.sync(near)
    expect(app.get_by_text("7 of 7 products linked")).to_have_count(2)
    before = len(tried)
    control.wait_for(lambda: _poke(admin.page) and len(tried) > before)


def _poke(page: Page) -> bool:
    """Lets the browser speak: its events come while one waits for it."""
    page.wait_for_timeout(100)
    return True


class Line:
    """The page's sockets. A browser that plays "no network" leaves open ones alone; this cuts them."""

    def __init__(self, page: Page) -> None:
        self._cut = False
        self._open: list[WebSocketRoute] = []
        page.route_web_socket("**/graphql", self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda message: None if self._cut else server.send(message))
        server.on_message(lambda message: None if self._cut else socket.send(message))
        self._open.append(socket)

    def cut(self) -> None:
        self._cut = True

    def mend(self) -> None:
        self._cut = False
        for socket in self._open:
            socket.close(code=1001)


def test_a_job_that_ends_while_the_network_is_away_has_ended_when_it_is_back(
    admin: Admin, control: Control, by_hand: None, outages: None
) -> None:
    near = pair(control, "away", 6)
    control.set_latency(SLOW)
    line = Line(admin.page)
    app = admin.open(near)
    start_sync(app)
    expect(app.get_by_role("heading", name="Sync all")).to_be_visible()
    expect(app.get_by_role("progressbar")).to_be_visible()
    network = admin.page.context
    line.cut()
    network.set_offline(True)
    notice = app.get_by_text("The page updates automatically as soon as the network is back.")
    expect(notice).to_be_visible()
    control.set_latency(0)
    control.wait_for(lambda: len(control.shop(near)["products"]) == 6)
    expect(app.get_by_role("progressbar")).to_be_visible()  # as it was last known
    network.set_offline(False)
    line.mend()
    expect(notice).to_have_count(0)
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()


def test_a_server_that_is_away_leaves_the_page_as_it_is(
    admin: Admin, control: Control, stack: Stack, by_hand: None, outages: None
) -> None:
    near = pair(control, "server")
    control.sync(near)
    app = admin.open(near)
    linked = app.get_by_text("3 of 3 products linked")
    expect(linked).to_have_count(2)
    stack.kill("api")
    notice = app.get_by_text("The server does not answer right now.")
    expect(notice).to_be_visible()
    expect(linked).to_have_count(2)
    admin.look("server-away")
    stack.restart("api")
    expect(notice).to_have_count(0)
    control.add_product("server-main", "Fourth", sku="P-4")
    control.sync(near)
    expect(app.get_by_text("4 of 4 products linked")).to_have_count(2)


def test_a_job_that_nobody_takes_says_since_when_it_waits_and_goes_on(
    admin: Admin, control: Control, stack: Stack, by_hand: None
) -> None:
    near = pair(control, "idle")
    stack.children["worker-background"].stop()
    app = admin.open(near)
    start_sync(app)
    expect(app.get_by_text("Starts in a moment").first).to_be_visible()
    expect(app.get_by_text("Waiting since").first).to_be_visible()
    expect(app.get_by_text("Queued", exact=True).first).to_be_visible()
    admin.look("job-queued")
    stack.restart("worker-background")
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()
    expect(app.get_by_text("Waiting since")).to_have_count(0)


def test_a_job_whose_worker_has_died_says_so_and_goes_on(
    admin: Admin, control: Control, stack: Stack
) -> None:
    near = pair(control, "died", 12)
    control.set_latency(SLOW)
    app = admin.open(near)
    start_sync(app)
    expect(app.get_by_text("Running", exact=True).first).to_be_visible()
    stack.kill("worker-background")
    # First the worker's right to the job has to run out.
    expect(app.get_by_text("On hold since").first).to_be_visible(timeout=120_000)
    expect(app.get_by_text("Jobs are on hold")).to_be_visible(timeout=120_000)
    admin.look("job-stalled")
    control.set_latency(0)
    stack.restart("worker-background")
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()
    expect(app.get_by_text("On hold since")).to_have_count(0)
    expect(app.get_by_text("Jobs are on hold")).to_have_count(0)


def test_changes_that_nobody_looks_at_are_said_to_wait(admin: Admin, control: Control, stack: Stack) -> None:
    near = pair(control, "unseen")
    control.sync(near)
    stack.kill("worker-live")
    control.set_price("unseen-main", control.variant("unseen-main", "P-1")["id"], "77.00")
    app = admin.open(near)
    expect(app.get_by_text("Syncing is on hold")).to_be_visible(timeout=120_000)
    expect(app.get_by_text("Changes have been waiting since")).to_be_visible()
    admin.look("work-waiting")
    stack.restart("worker-live")
    expect(app.get_by_text("Syncing is on hold")).to_have_count(0)


def test_a_page_that_could_not_be_read_is_read_as_soon_as_it_can(
    admin: Admin, control: Control, outages: None
) -> None:
    control.add_shop("unread-main")
    control.set_up("unread-main")
    app = admin.open("unread-main", "/settings")
    expect(app.get_by_label("Connection key")).to_be_visible()
    network = admin.page.context
    network.route("**/graphql", lambda route: route.abort())
    app.get_by_role("link", name="Manage API tokens").click()
    expect(app.get_by_text("The server can't be reached.")).to_be_visible()
    network.unroute("**/graphql")
    expect(app.get_by_text("No program has access yet")).to_be_visible()


def test_an_error_of_ours_shows_its_number(admin: Admin, control: Control, outages: None) -> None:
    control.add_shop("masked-main")
    control.set_up("masked-main")

    def answer(route: Route) -> None:
        if "apiTokens" not in (route.request.post_data or ""):
            route.continue_()
            return
        error = '{"message": "no", "extensions": {"code": "INTERNAL", "id": "4f2a"}}'
        route.fulfill(content_type="application/json", body=f'{{"data": null, "errors": [{error}]}}')

    admin.page.context.route("**/graphql", answer)
    app = admin.open("masked-main", "/api-access")
    expect(app.get_by_text("contact support and give this number: 4f2a")).to_be_visible()
    admin.look("masked-error")
    admin.page.context.unroute("**/graphql", answer)
    app.get_by_role("button", name="Try again").click()
    expect(app.get_by_text("No program has access yet")).to_be_visible()
