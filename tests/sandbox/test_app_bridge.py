"""The stand-in App Bridge in a real browser: a page of an app inside the admin's frame."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FrameLocator, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from sandbox.app import create_app
from sandbox.clock import RealClock
from sandbox.commands.shops import add_shop, install_app, register_app
from sandbox.draft import ProductDraft
from sandbox.place import place
from sandbox.session_token import verify
from sandbox.store.sandbox import Sandbox
from tests.sandbox.edges import CLIENT_ID, CLIENT_SECRET, DOMAIN
from tests.sandbox.listening import listener_and_url, listening

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

PAGE = """<!doctype html><html lang="en"><head><meta name="shopify-api-key" content="%(client)s">
<script src="%(sandbox)s/_sandbox/app-bridge.js"></script><title>App</title></head><body>
<ui-nav-menu><a href="/" rel="home">Home</a><a href="/jobs">Jobs</a><a href="/plans">Plans</a></ui-nav-menu>
<ui-title-bar title="Dashboard"><button variant="primary" id="sync">Sync all</button></ui-title-bar>
<ui-save-bar id="bar"><button variant="primary" id="save">Save</button>
<button id="discard">Discard</button></ui-save-bar>
<h1>%(path)s</h1><p id="log"></p>
<script>
const log = (text) => document.getElementById("log").append(text + ";");
for (const id of ["sync", "save", "discard"])
  document.getElementById(id).addEventListener("click", () => log(id));
document.addEventListener("shopify:navigate", (event) => {
  if (event.target.getAttribute("href") !== "/plans") return;
  event.preventDefault();
  history.pushState(null, "", "/plans");
  document.querySelector("h1").textContent = "/plans by the router";
});
</script></body></html>"""


@dataclass
class App:
    """The app's server: pages, and an address that answers with what it was sent."""

    sandbox_url: str
    refusals: int = 0
    authorizations: list[str] = field(default_factory=list)

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api", self.api, methods=["GET", "POST"]),
                Route("/bounce", self.bounce),
                Route("/stranger", self.stranger),
                Route("/{path:path}", self.page),
            ]
        )

    async def page(self, request: Request) -> Response:
        values = {"client": CLIENT_ID, "sandbox": self.sandbox_url, "path": request.url.path}
        return HTMLResponse(PAGE % values)

    async def api(self, request: Request) -> Response:
        self.authorizations.append(request.headers.get("Authorization", ""))
        body = (await request.body()).decode()
        if self.refusals > 0:
            self.refusals -= 1
            return JSONResponse({}, 401, {"X-Shopify-Retry-Invalid-Session-Request": "1"})
        return JSONResponse({"body": body, "language": request.headers.get("Accept-Language")})

    async def bounce(self, request: Request) -> Response:
        """The page that the official library makes when a document came without a good token."""
        source = f"{self.sandbox_url}/_sandbox/app-bridge.js"
        return HTMLResponse(f'<script data-api-key="{CLIENT_ID}" src="{source}"></script>')

    async def stranger(self, request: Request) -> Response:
        return HTMLResponse("<h1>stranger</h1>")


@dataclass
class Stage:
    sandbox: Sandbox
    app: App
    admin: Page
    admin_url: str
    app_url: str

    @property
    def frame(self) -> FrameLocator:
        return self.admin.frame_locator("#app-frame")

    async def open(self, path: str = "") -> None:
        await self.admin.goto(f"{self.admin_url}/store/main-shop/app{path}")
        await expect(self.frame.locator("h1")).to_have_count(1)

    async def run(self, script: str) -> object:
        return await self.frame.locator("body").evaluate(f"async () => {{ {script} }}")


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    (here, admin_url), (there, app_url) = listener_and_url(), listener_and_url()
    sandbox = Sandbox(RealClock(), base_url=admin_url)
    register_app(sandbox, CLIENT_ID, CLIENT_SECRET, title="Sync", url=app_url, scopes=("read_products",))
    shop = add_shop(sandbox, DOMAIN, locale="fr")
    install_app(sandbox, shop, CLIENT_ID)
    for title in ("Cup", "Tea pot", "Bowl"):
        place(shop, ProductDraft(title))
    app = App(admin_url)
    async with listening(create_app(sandbox), here), listening(app.application(), there):
        context = await browser.new_context()
        page = await context.new_page()
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        yield Stage(sandbox, app, page, admin_url, app_url)
        await context.close()
    assert failures == []


async def test_fetch_carries_a_token_and_is_tried_once_more_when_it_is_refused(stage: Stage) -> None:
    await stage.open()
    stage.app.refusals = 1
    answer = await stage.run("return (await fetch('/api', {method: 'POST', body: 'hello'})).json();")
    assert answer == {"body": "hello", "language": "fr"}
    first, second = (text.removeprefix("Bearer ") for text in stage.app.authorizations)
    assert first != second
    shop = stage.sandbox.shops[DOMAIN]
    claims = verify(second, stage.sandbox.apps[CLIENT_ID], shop, stage.sandbox.clock.now())
    assert claims["dest"] == f"https://{DOMAIN}"
    stage.app.refusals = 2
    assert await stage.run("return (await fetch('/api')).status;") == 401
    assert len(stage.app.authorizations) == 4
    await stage.run("await fetch('/api', {headers: {Authorization: 'Own'}});")
    assert stage.app.authorizations[-1] == "Own"


async def test_configuration_and_environment_come_from_the_launch(stage: Stage) -> None:
    await stage.open()
    config = await stage.run("return {...shopify.config, ...shopify.environment, origin: shopify.origin};")
    assert isinstance(config, dict)
    assert (config["apiKey"], config["shop"], config["locale"]) == (CLIENT_ID, DOMAIN, "fr")
    assert (config["embedded"], config["mobile"], config["pos"]) == (True, False, False)
    assert config["origin"] == stage.admin_url
    scopes = await stage.run("return (await shopify.scopes.query()).granted;")
    assert scopes == ["read_products"]


async def test_the_menu_moves_the_app_and_the_address_follows(stage: Stage) -> None:
    await stage.open("/jobs?tab=1")
    menu = stage.admin.locator("#app-menu a")
    await expect(menu).to_have_text(["Jobs", "Plans"])
    await expect(menu.first).to_have_attribute("aria-current", "page")
    assert stage.admin.url.endswith("/store/main-shop/app/jobs?tab=1")
    await menu.nth(1).click()
    await expect(stage.frame.locator("h1")).to_have_text("/plans by the router")
    await stage.admin.wait_for_url("**/store/main-shop/app/plans")
    await menu.first.click()
    await expect(stage.frame.locator("h1")).to_have_text("/jobs")
    await stage.admin.wait_for_url("**/store/main-shop/app/jobs")
    await stage.admin.locator("#app-home").click()
    await expect(stage.frame.locator("h1")).to_have_text("/")
    await stage.admin.wait_for_url("**/store/main-shop/app")
    await menu.first.click()
    await expect(stage.frame.locator("h1")).to_have_text("/jobs")
    await stage.run("history.replaceState(null, '', '/jobs/7?x=1');")
    await stage.admin.wait_for_url("**/store/main-shop/app/jobs/7?x=1")
    await stage.admin.go_back()
    await expect(stage.frame.locator("h1")).to_have_text("/")


async def test_title_bar_toasts_and_progress_are_the_admins(stage: Stage) -> None:
    await stage.open()
    await expect(stage.admin.locator("#app-title")).to_have_text("Dashboard")
    await stage.admin.get_by_role("button", name="Sync all").click()
    await expect(stage.frame.locator("#log")).to_have_text("sync;")
    await stage.run("shopify.toast.show('Saved', {action: 'Undo', onAction: () => log('undo')});")
    await stage.admin.get_by_role("button", name="Undo").click()
    await expect(stage.frame.locator("#log")).to_have_text("sync;undo;")
    await expect(stage.admin.locator(".toast")).to_have_count(0)
    await stage.run("window.kept = shopify.toast.show('Broken', {isError: true});")
    await expect(stage.admin.locator(".toast.bad")).to_have_text("Broken✕")
    await stage.run("shopify.toast.hide(window.kept);")
    await expect(stage.admin.locator(".toast")).to_have_count(0)
    await stage.run("shopify.loading(true);")
    await expect(stage.admin.get_by_role("progressbar")).to_have_count(1)
    await stage.run("shopify.loading(false);")
    await expect(stage.admin.get_by_role("progressbar")).to_have_count(0)


async def test_the_save_bar_guards_what_is_not_saved(stage: Stage) -> None:
    await stage.open()
    await stage.run("await shopify.saveBar.show('bar');")
    bar = stage.admin.get_by_role("region", name="Unsaved changes")
    await bar.get_by_role("button", name="Save").click()
    await bar.get_by_role("button", name="Discard").click()
    await expect(stage.frame.locator("#log")).to_have_text("save;discard;")
    await stage.admin.locator("#app-menu a", has_text="Jobs").click()
    await stage.admin.get_by_role("button", name="Stay").click()
    await expect(bar).to_have_count(1)
    await stage.run("shopify.saveBar.leaveConfirmation().then(() => log('left'), () => log('stayed'));")
    await stage.admin.get_by_role("button", name="Stay").click()
    await expect(stage.frame.locator("#log")).to_have_text("save;discard;stayed;")
    await stage.run("shopify.saveBar.leaveConfirmation().then(() => log('left'), () => log('stayed'));")
    await stage.admin.get_by_role("button", name="Leave").click()
    await expect(stage.frame.locator("#log")).to_have_text("save;discard;stayed;left;")
    await expect(bar).to_have_count(0)
    await stage.run("await shopify.saveBar.show('bar'); await shopify.saveBar.hide('bar'); log('hidden');")
    await expect(bar).to_have_count(0)


async def test_the_picker_answers_with_products_or_nothing(stage: Stage) -> None:
    await stage.open()
    script = (
        "shopify.resourcePicker({multiple: true})"
        ".then((chosen) => log(chosen ? chosen.map((product) => product.title) : 'none'));"
    )
    await stage.run(script)
    await stage.admin.get_by_label("Cup").check()
    await stage.admin.get_by_label("Bowl").check()
    await stage.admin.get_by_role("button", name="Choose").click()
    await expect(stage.frame.locator("#log")).to_have_text("Cup,Bowl;")
    await stage.run(script)
    await stage.admin.get_by_role("button", name="Cancel").click()
    await expect(stage.frame.locator("#log")).to_have_text("Cup,Bowl;none;")


async def test_modals_show_their_content(stage: Stage) -> None:
    await stage.open()
    await stage.run(
        "document.body.insertAdjacentHTML('beforeend', '<ui-modal id=\"m\"><p>Inside</p></ui-modal>');"
        "await shopify.modal.show('m');"
    )
    await expect(stage.frame.get_by_role("dialog")).to_have_text("Inside")
    await stage.run("await shopify.modal.hide('m');")
    await expect(stage.frame.get_by_role("dialog")).to_have_count(0)


async def test_a_document_without_a_token_gets_one_and_is_loaded_again(stage: Stage) -> None:
    await stage.open("/bounce?shopify-reload=%2Fjobs%3Ftab%3D2")
    await expect(stage.frame.locator("h1")).to_have_text("/jobs")
    address = await stage.run("return location.href;")
    assert isinstance(address, str)
    assert address.startswith(f"{stage.app_url}/jobs?tab=2&id_token=")


async def test_a_top_level_app_is_sent_into_the_admin(stage: Stage) -> None:
    await stage.admin.goto(f"{stage.app_url}/jobs?shop={DOMAIN}&host=YQ&tab=3")
    await stage.admin.wait_for_url(f"{stage.admin_url}/store/main-shop/app/jobs?tab=3")


async def test_links_into_the_admin_and_out_of_the_frame_are_followed(stage: Stage) -> None:
    await stage.open()
    await stage.run("window.open('shopify:admin/products', '_top');")
    await stage.admin.wait_for_url("**/store/main-shop/products")
    await stage.open()
    await stage.run("window.open('/stranger', '_top');")
    await stage.admin.wait_for_url(f"{stage.app_url}/stranger")


async def test_no_stranger_gets_a_token(stage: Stage) -> None:
    asked: list[str] = []
    listener, elsewhere = listener_and_url()
    async with listening(App(stage.admin_url).application(), listener):
        await stage.open()
        await stage.run(f"location.href = '{elsewhere}/stranger';")
        await expect(stage.frame.locator("h1")).to_contain_text("is blocked")
        await stage.admin.goto(f"{elsewhere}/stranger")
        async with stage.admin.expect_popup() as opening:
            await stage.admin.evaluate(
                "(url) => { window.popup = window.open(url); }", f"{stage.admin_url}/store/main-shop/app"
            )
        popup = await opening.value
        await expect(popup.frame_locator("#app-frame").locator("h1")).to_have_text("/")
        popup.on("request", lambda request: asked.append(request.url))
        await popup.evaluate(
            "() => { window.heard = new Promise((done) => addEventListener('message', done, {once: true})); }"
        )
        message = "{from: 'app-bridge', id: 1, method: 'idToken', params: {}}"
        await stage.admin.evaluate(f"() => window.popup.postMessage({message}, '*')")
        await popup.evaluate("async () => { await window.heard; }")
        assert [url for url in asked if url.endswith("/session-token")] == []
