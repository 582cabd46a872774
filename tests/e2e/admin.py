"""A person in the admin of a shop, with the app open in its frame."""

from pathlib import Path

from playwright.sync_api import FrameLocator, Page, expect

WIDE, NARROW = (1280, 900), (390, 844)


class Admin:
    def __init__(self, page: Page, base: str, screenshots: Path) -> None:
        self.page = page
        self._base = base
        self._screenshots = screenshots

    @property
    def app(self) -> FrameLocator:
        return self.page.frame_locator("#app-frame")

    def open(self, handle: str, path: str = "") -> FrameLocator:
        """The app in that shop, at a path of its own; installs it on the first time."""
        self.page.goto(f"{self._base}/store/{handle}/app{path}")
        install = self.page.get_by_role("button", name="Install", exact=True)
        if install.count():
            install.click()
        return self.app

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
        app.get_by_label("Connection key").fill(key)
        app.get_by_role("button", name="Connect", exact=True).click()
        expect(app.get_by_text("Choose what to sync")).to_be_visible()
        return app

    def save(self) -> None:
        """Shopify's own save bar, above the app."""
        self.page.get_by_role("button", name="Save", exact=True).click()

    def screenshot(self, name: str) -> None:
        """In both widths, into an ignored folder, for people to look at."""
        for label, (width, height) in (("wide", WIDE), ("narrow", NARROW)):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.screenshot(path=self._screenshots / f"{name}-{label}.png", animations="disabled")
        self.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
