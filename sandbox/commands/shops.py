"""Making and changing shops, their locations and sales channels; installing apps in them."""

from collections.abc import Iterable
from functools import partial

from sandbox.bucket import Tier
from sandbox.commands.assign import assign
from sandbox.commands.errors import RefusedError, UserError
from sandbox.commands.specs import UNSET
from sandbox.ids import gid
from sandbox.store.app import App, Installation
from sandbox.store.location import Address, Location
from sandbox.store.publication import Publication
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from sandbox.webhook_payloads import scopes_update


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
    shop.listeners.append(partial(sandbox.tell, shop))
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


def rename_location(shop: Shop, location: Location, name: str) -> None:
    if location.name != name:
        with shop.change() as change:
            location.name = name
            change.touch_location(location)


def delete_location(shop: Shop, location: Location) -> None:
    """With its levels. RefusedError for an active one, which Shopify does not delete."""
    if location.is_active:
        message = "The location cannot be deleted while it is active."
        raise RefusedError(UserError(("locationId",), message, "LOCATION_IS_ACTIVE"))
    with shop.change() as change:
        for level in location.levels.values():
            del level.item.levels[location.id]
            change.touch_product(level.item.variant.product)
        location.levels.clear()
        shop.locations.remove(location)
        change.event("locations/delete", gid("Location", location.id))


def edit_shop(
    shop: Shop,
    *,
    name: str | None = None,
    currency: str | None = None,
    locale: str | None = None,
    timezone: str | None = None,
    tier: Tier | None = None,
) -> None:
    """What a merchant or Shopify changes about the shop as a whole; None leaves a setting alone."""
    wanted = {"name": name, "currency": currency, "locale": locale, "timezone": timezone, "tier": tier}
    with shop.change() as change:
        if assign(shop, **{field: UNSET if value is None else value for field, value in wanted.items()}):
            change.touch_shop()


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
        _grant(shop, present, granted)
        return present
    installation = Installation(sandbox.ids.next(), app, granted, shop.now())
    shop.installations[client_id] = installation
    return installation


def _grant(shop: Shop, installation: Installation, granted: frozenset[str]) -> None:
    previous, installation.scopes = installation.scopes, granted
    if granted != previous:
        app = installation.app
        with shop.change() as change:
            change.event(
                "app/scopes_update",
                gid("AppInstallation", installation.id),
                client_id=app.client_id,
                details=scopes_update(shop, app.id, previous, granted, change.now),
            )


def uninstall_app(shop: Shop, client_id: str) -> None:
    """Every token dies with the installation, and so do its webhooks; app-owned data stay.

    The app is told while it is still known, because nobody would know afterwards whom to tell.
    """
    installation = shop.installations.get(client_id)
    if installation is None:
        return
    with shop.change() as change:
        change.event("app/uninstalled", gid("Shop", shop.id), client_id=client_id)
    del shop.installations[client_id]
    for token in installation.tokens:
        token.revoked = True
