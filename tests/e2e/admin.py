"""A person in the admin of a shop, with the app open in its frame."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Frame, FrameLocator, Page, expect

from dev.paths import ROOT

WIDE, NARROW = (1280, 900), (390, 844)
GRAVE = {"serious", "critical"}


class Admin:
    def __init__(self, page: Page, base: str, screenshots: Path) -> None:
        self.page = page
        self._base = base
        self.screenshots = screenshots

    @property
    def app(self) -> FrameLocator:
        return self.page.frame_locator("#app-frame")

    @property
    def frame(self) -> Frame:
        """The app's document itself, to run scripts in."""
        handle = self.page.locator("#app-frame").element_handle()
        found = handle.content_frame()
        assert found is not None
        return found

    def open(self, handle: str, path: str = "") -> FrameLocator:
        """The app in that shop, at a path of its own; installs it on the first time."""
        self.page.goto(f"{self._base}/store/{handle}/app{path}")
        install = self.page.get_by_role("button", name="Install", exact=True)
        if install.count():
            install.click()
        return self.app

    def choose_language(self, handle: str, locale: str) -> None:
        """In the settings of the shop's admin."""
        self.page.goto(f"{self._base}/store/{handle}/settings")
        self.page.locator("select[name=locale]").select_option(locale)
        self.page.get_by_role("button", name="Save").click()
        expect(self.page.get_by_text("Language saved.")).to_be_visible()

    def set_up_main(self, handle: str) -> str:
        """Make it the main shop; answers the connection key."""
        app = self.open(handle)
        app.get_by_role("button", name="This is the main shop").click()
        key = app.get_by_label("Connection key")
        expect(key).not_to_have_value("")
        return key.input_value()

    def set_up_dependent(self, handle: str, key: str) -> FrameLocator:
        """Make it a dependent of the shop with that key; ends at its settings."""
        app = self.open(handle)
        app.get_by_role("button", name="This is a dependent shop").click()
        self.connect(key)
        return app

    def connect(self, key: str) -> None:
        """Enter the key where the app asks for it; ends at the settings."""
        self._enter(key)
        expect(self.app.get_by_role("group", name="Which products")).to_be_visible()

    def reconnect(self, key: str) -> None:
        """The same for a shop whose settings are left from before; ends at the dashboard."""
        self._enter(key)
        expect(self.app.get_by_role("heading", name="Sync state")).to_be_visible()

    def _enter(self, key: str) -> None:
        self.app.get_by_label("Connection key").fill(key)
        self.app.get_by_role("button", name="Connect", exact=True).click()

    def save(self) -> None:
        """Shopify's own save bar, above the app."""
        self.page.get_by_role("button", name="Save", exact=True).click()

    def look(self, name: str, height: int = 0) -> None:
        """Whether everybody can use what is shown; pictures of it in both widths, into an ignored folder.

        `height`: at least so high, to have more of a page in one picture.
        """
        found = self.barriers()
        assert not found, f"{name}: {found}"
        for label, (width, usual) in (("narrow", NARROW), ("wide", WIDE)):
            self.page.set_viewport_size({"width": width, "height": max(usual, height)})
            overflow = self.frame.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{name} is {overflow} pixels too broad at {width}: {self._broad()}"
            self.page.screenshot(path=self.screenshots / f"{name}-{label}.png", animations="disabled")

    def _broad(self) -> list[str]:
        """What stands out at the end of the lines."""
        found: list[str] = self.frame.evaluate(
            """() => [...document.body.querySelectorAll("*")]
                .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 0.5)
                .map((each) => each.outerHTML.slice(0, 200))"""
        )
        return found

    def barriers(self) -> list[str]:
        """What axe finds in the app that keeps people from using it: rule and element."""
        frame = self.frame
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(_axe())
        found = frame.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{rule['id']}: {node['html'][:200]}"
            for rule in found["violations"]
            if rule["impact"] in GRAVE
            for node in rule["nodes"]
        ]


@cache
def _axe() -> str:
    return (ROOT / "frontend/node_modules/axe-core/axe.min.js").read_text()
