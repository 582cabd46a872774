"""Objects by their global ids."""

from collections.abc import Callable
from typing import Any

from sandbox.commands.billing import expire
from sandbox.context import Call
from sandbox.failures import FieldError
from sandbox.ids import parse_level_gid, split_gid
from sandbox.store.shop import Shop

_TABLES: dict[str, Callable[[Shop], Any]] = {
    "Product": lambda shop: shop.products,
    "ProductVariant": lambda shop: shop.variants,
    "InventoryItem": lambda shop: shop.items,
    "Location": lambda shop: shop.locations,
    "Publication": lambda shop: shop.publications,
    "MediaImage": lambda shop: shop.files,
    "Video": lambda shop: shop.files,
    "ExternalVideo": lambda shop: shop.files,
    "Model3d": lambda shop: shop.files,
    "GenericFile": lambda shop: shop.files,
    "Metafield": lambda shop: shop.metafield_ids,
    "MetafieldDefinition": lambda shop: shop.definitions,
    "BulkOperation": lambda shop: shop.bulk_operations,
    "ProductSetOperation": lambda shop: shop.product_operations,
    "ProductDeleteOperation": lambda shop: shop.product_operations,
}


def invalid(text: str) -> FieldError:
    return FieldError(f"Invalid global id '{text}'", "argumentLiteralsIncompatible")


def node(ctx: Call, text: str) -> Any:
    """The object with a global id, None if the shop has none; FieldError when it is no global id at all."""
    parsed = split_gid(text)
    if parsed is None:
        raise invalid(text)
    kind, number = parsed
    shop = ctx.shop
    match kind:
        case "InventoryLevel":
            level = parse_level_gid(text)
            item = shop.items.get(level[1]) if level else None
            return item.levels.get(level[0]) if item is not None and level is not None else None
        case "Shop":
            return shop if number == shop.id else None
        case "AppInstallation":
            return ctx.installation if number == ctx.installation.id else None
        case "AppSubscription":
            expire(shop, ctx.installation)
            return ctx.installation.app_subscriptions.get(number)
        case "WebhookSubscription":
            return ctx.installation.subscriptions.get(number)
        case "App":
            return ctx.installation.app if number == ctx.app_id else None
        case "ProductOption" | "ProductOptionValue":
            return _option(shop, kind, number)
        case _:
            table = _TABLES.get(kind)
            return table(shop).get(number) if table is not None else None


def _option(shop: Shop, kind: str, number: int) -> Any:
    product = shop.options.get(number)
    if product is None:
        return None
    for index, option in enumerate(product.options, 1):
        if kind == "ProductOption" and option.id == number:
            return (product, index, option)
        if kind == "ProductOptionValue":
            for value in option.values:
                if value.id == number:
                    return (product, index, value)
    return None


def of_kind(ctx: Call, text: str, *kinds: str) -> Any:
    """As node(), but only of these kinds: another kind's id finds nothing."""
    parsed = split_gid(text)
    if parsed is None:
        raise invalid(text)
    return node(ctx, text) if parsed[0] in kinds else None
