"""What the server's routes share: the sandbox, the app it presents, its settings and counts."""

import secrets
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request

from sandbox.journeys import Journeys
from sandbox.media_watch import MediaWatch
from sandbox.store.app import App
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from sandbox.web.journal import Journal
from sandbox.web.traffic import Settings, Traffic
from sandbox.webhooks import Dispatcher


@dataclass(slots=True)
class Server:
    """`app` is the one that the admin page can open; without it there is nothing to open."""

    sandbox: Sandbox
    app: App | None = None
    settings: Settings = field(default_factory=Settings)
    traffic: Traffic = field(default_factory=Traffic)
    journal: Journal = field(default_factory=Journal)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Signs what only this server's own pages may send back."""
    webhooks: Dispatcher = field(init=False)
    media: MediaWatch = field(init=False)
    journeys: Journeys = field(init=False)

    def __post_init__(self) -> None:
        self.webhooks = Dispatcher(self.sandbox)
        self.media = MediaWatch(self.sandbox)
        self.journeys = Journeys(self.sandbox)


def server_of(request: Request) -> Server:
    server: Server = request.app.state.server
    return server


def shop_of(request: Request) -> Shop:
    """The shop of the path, by its domain (`shop`) or by the first label of it (`handle`). 404 without
    one.
    """
    parameters = request.path_params
    domain = parameters["shop"] if "shop" in parameters else f"{parameters['handle']}.myshopify.com"
    shop = server_of(request).sandbox.shops.get(domain)
    if shop is None:
        raise HTTPException(404, "There is no such shop in this sandbox.")
    return shop


def handle_of(shop: Shop) -> str:
    """The shop's name in the admin's addresses: main-shop of main-shop.myshopify.com."""
    return shop.domain.removesuffix(".myshopify.com")
