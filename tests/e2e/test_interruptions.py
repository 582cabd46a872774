"""Networks fail, sessions end, processes die: the page says so, and goes on by itself."""

import csv
from io import StringIO

import pytest
from playwright.sync_api import Route, expect

from dev.stack import Stack
from tests.e2e.admin import Admin
from tests.e2e.control import Control
from tests.oracle.compare import differences

pytestmark = pytest.mark.e2e


def test_a_lost_network_and_an_ended_session_are_said_and_overcome(
    admin: Admin, control: Control, complaints: list[str]
) -> None:
    control.add_shop("lost-main")
    control.add_shop("lost-near")
    control.add_numbered("lost-main", 2)
    control.set_up("lost-main", lost_near={"products": "ALL"})
    app = admin.open("lost-near")
    expect(app.get_by_text("2 of 2 products linked")).to_have_count(2)

    network = admin.page.context
    network.set_offline(True)
    notice = app.get_by_text("The page updates automatically as soon as the network is back.")
    expect(notice).to_be_visible()
    admin.page.screenshot(path=admin.screenshots / "offline.png")
    network.set_offline(False)
    expect(notice).to_have_count(0)

    # What happened meanwhile shows without a reload.
    control.add_product("lost-main", "Third", sku="P-3")
    control.sync("lost-main")
    expect(app.get_by_text("3 of 3 products linked")).to_have_count(2)

    # A server that does not answer: the page says so, offers to try again, and does so by itself.
    def fail(route: Route) -> None:
        route.abort()

    network.route("**/graphql", fail)
    app = admin.open("lost-near", "/jobs")
    expect(app.get_by_text("The server can't be reached.").first).to_be_visible()
    admin.look("unreachable")
    expect(app.get_by_role("button", name="Try again").first).to_be_visible()
    network.unroute("**/graphql", fail)
    expect(app.get_by_role("link", name="Sync all").first).to_be_visible()

    # A token that is no longer taken is replaced once, unseen; one after another is an ended session.
    refusals = iter([True])

    def refuse_once(route: Route) -> None:
        if next(refusals, False):
            headers = {"X-Shopify-Retry-Invalid-Session-Request": "1"}
            route.fulfill(status=401, headers=headers, content_type="application/json", body="{}")
        else:
            route.continue_()

    network.route("**/graphql", refuse_once)
    app = admin.open("lost-near", "/jobs")
    expect(app.get_by_role("link", name="Sync all").first).to_be_visible()
    assert next(refusals, None) is None
    network.unroute("**/graphql", refuse_once)

    def refuse(route: Route) -> None:
        route.fulfill(status=401, content_type="application/json", body="{}")

    network.route("**/graphql", refuse)
    app = admin.open("lost-near")
    expect(app.get_by_text("Your session has ended")).to_be_visible()
    admin.look("session-ended")
    expect(app.get_by_role("button", name="Reload the page")).to_be_visible()
    network.unroute("**/graphql", refuse)
    expect(app.get_by_text("3 of 3 products linked")).to_have_count(2)

    caused = ("Failed to load resource", "WebSocket connection to")
    complaints[:] = [line for line in complaints if not line.startswith(caused)]


def test_a_killed_worker_comes_back_and_the_page_follows_its_job_to_the_end(
    admin: Admin, control: Control, stack: Stack
) -> None:
    control.add_shop("kill-main")
    control.add_shop("kill-near")
    control.add_catalogue("kill-main", 12, seed=3, images=1)
    control.join("kill-near", control.set_up("kill-main"), {"products": "ALL"})
    control.set_latency(1)  # the browser has seconds to see what passes

    app = admin.open("kill-near")
    app.get_by_role("button", name="Sync all", exact=True).click()
    app.get_by_role("link", name="Sync all").first.click()
    expect(app.get_by_role("heading", name="Sync all", level=1)).to_be_visible()
    expect(app.get_by_text("Applying changes")).to_be_visible()
    stack.kill("worker-background")
    expect(app.get_by_role("progressbar")).to_be_visible()
    admin.look("job-running")
    control.set_latency(0)
    stack.restart("worker-background")
    expect(app.get_by_text("Done", exact=True).first).to_be_visible()
    expect(app.get_by_role("progressbar")).to_have_count(0)
    expect(app.get_by_text("Sent", exact=True)).to_have_count(0)
    titles = [product["title"] for product in control.shop("kill-near")["products"]]
    main = control.shop("kill-main")
    assert sorted(titles) == sorted(product["title"] for product in main["products"])
    assert differences(main, control.shop("kill-near"), control.settings("kill-near")) == []

    # The file has the rows of the page.
    rows = app.get_by_role("table").get_by_role("row").all()[1:]
    shown = [row.get_by_role("cell").first.inner_text().split("\n")[0] for row in rows]
    with admin.page.expect_download() as download:
        app.get_by_role("button", name="Export as CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(StringIO(text)))
    assert [line["product"] for line in lines][: len(shown)] == shown
    assert {line["outcome"] for line in lines} == {"APPLIED"}
