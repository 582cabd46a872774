"""Making shops, their locations and sales channels, and installing apps in them."""

from collections.abc import Iterable

from sandbox.bucket import Tier
from sandbox.ids import gid
from sandbox.store.app import App, Installation
from sandbox.store.location import Address, Location
from sandbox.store.publication import Publication
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop


def register_app(
    sandbox: Sandbox,
    client_id: str,
    client_secret: str,
    *,
    title: str = "App",
    handle: str = "app",
    url: str = "",
    scopes: Iterable[str] = (),
) -> App:
    app = App(sandbox.ids.next(), client_id, client_secret, title, handle, url, tuple(scopes))
    sandbox.apps[client_id] = app
    return app


def add_shop(
    sandbox: Sandbox,
    domain: str,
    *,
    name: str | None = None,
    currency: str = "EUR",
    tier: Tier = Tier.STANDARD,
    locale: str = "en",
    timezone: str = "Europe/Berlin",
    address: Address | None = None,
    locations: Iterable[str] = ("Main Warehouse",),
    publications: Iterable[str] = ("Online Store", "Point of Sale"),
) -> Shop:
    """A shop with its locations (the first is the primary one) and sales channels, and nothing for sale
    yet.
    """
    if domain in sandbox.shops:
        raise ValueError(f"{domain} is there already")
    shop = Shop(
        id=sandbox.ids.next(),
        domain=domain,
        name=name or domain.partition(".")[0].replace("-", " ").title(),
        currency=currency,
        tier=tier,
        clock=sandbox.clock,
        ids=sandbox.ids,
        created_at=sandbox.clock.now().replace(microsecond=0),
        locale=locale,
        timezone=timezone,
        address=address or Address(country="Germany", country_code="DE", city="Berlin", zip="10115"),
        media_base=f"{sandbox.base_url}/{domain}",
    )
    sandbox.shops[domain] = shop
    for place in locations:
        add_location(shop, place)
    for channel in publications:
        add_publication(shop, channel)
    return shop


def add_location(
    shop: Shop,
    name: str,
    *,
    address: Address | None = None,
    fulfillment_service: str | None = None,
    fulfills_online_orders: bool = True,
) -> Location:
    with shop.change() as change:
        location = Location(
            shop.ids.next(),
            name,
            change.now,
            change.now,
            address or shop.address,
            fulfills_online_orders=fulfills_online_orders,
            fulfillment_service=fulfillment_service,
        )
        shop.locations.add(location)
        change.event("locations/create", gid("Location", location.id))
    return location


def set_location_active(shop: Shop, location: Location, active: bool) -> None:
    """Stock stays with an inactive location but counts no longer for sale."""
    if location.is_active == active:
        return
    with shop.change() as change:
        location.is_active = active
        location.deactivated_at = None if active else change.now
        change.touch_location(location)
        topic = "locations/activate" if active else "locations/deactivate"
        change.event(topic, gid("Location", location.id))


def add_publication(shop: Shop, name: str) -> Publication:
    with shop.change() as change:
        handle = name.lower().replace(" ", "_")
        publication = Publication(shop.ids.next(), name, handle, change.now, change.now)
        publication.supports_future_publishing = handle == "online_store"
        shop.publications.add(publication)
    return publication


def install_app(
    sandbox: Sandbox, shop: Shop, client_id: str, scopes: Iterable[str] | None = None
) -> Installation:
    """Install, or install again with other scopes: tokens stay then. Scopes default to what the app asks
    for.
    """
    app = sandbox.apps[client_id]
    granted = frozenset(app.scopes if scopes is None else scopes)
    present = shop.installations.get(client_id)
    if present is not None:
        present.scopes = granted
        return present
    installation = Installation(sandbox.ids.next(), app, granted, shop.now())
    shop.installations[client_id] = installation
    return installation


def uninstall_app(shop: Shop, client_id: str) -> None:
    """Every token dies with the installation; app-owned data stay."""
    installation = shop.installations.pop(client_id, None)
    if installation is None:
        return
    for token in installation.tokens:
        token.revoked = True
    with shop.change() as change:
        change.event("app/uninstalled", gid("Shop", shop.id))
