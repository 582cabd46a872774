"""The whole product as its users have it: every process, a sandbox in place of Shopify, a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dev import browser as chromium
from dev.stack import Stack
from tests.e2e.admin import Admin
from tests.e2e.control import Control

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
PATIENCE_MS = 30_000


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("stack")
    for folder in (home, home.parent, home.parent.parent):
        folder.chmod(0o755)  # as root, PostgreSQL runs as another user and has to get to its data
    with Stack(home, scenario="empty") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with each file: as long as it is open its event loop runs, and no asynchronous test can."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.launch_arguments()
        )
        yield started
        started.close()


@pytest.fixture
def control(stack: Stack) -> Iterator[Control]:
    with Control(stack.urls.sandbox, stack.urls.app) as opened:
        yield opened
        opened.set_latency(0)


@pytest.fixture
def by_hand(control: Control, stack: Stack) -> Iterator[None]:
    """For stories about a person's clicks: no event arrives by itself, and nobody asks what changed."""
    control.hold_events()
    stack.children["scheduler"].stop()
    yield
    stack.restart("scheduler")
    control.release_events()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console says is wrong. A story that breaks something on purpose takes it out."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """A page whose console stays clean."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    opened.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def admin(page: Page, stack: Stack) -> Admin:
    SCREENSHOTS.mkdir(exist_ok=True)
    return Admin(page, stack.urls.sandbox, SCREENSHOTS)
