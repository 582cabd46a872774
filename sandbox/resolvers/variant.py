"""ProductVariant and its options as it has chosen them."""

from typing import Any

from sandbox.context import Call
from sandbox.paging import Connection, connect_list
from sandbox.plan import Args
from sandbox.resolvers import publication
from sandbox.resolvers.fields import Fields, always, attr, own_id
from sandbox.resolvers.metafield import METAFIELDS
from sandbox.store.product import Variant


def quantity(variant: Variant, args: Args, ctx: Call) -> int:
    return variant.item.available


def sellable(variant: Variant, args: Args, ctx: Call) -> int:
    """Stock at the locations that fulfil online orders."""
    return sum(
        level.available
        for level in variant.item.levels.values()
        if level.is_active and level.location.is_active and level.location.fulfills_online_orders
    )


def available_for_sale(variant: Variant, args: Args, ctx: Call) -> bool:
    return not variant.item.tracked or variant.inventory_policy == "CONTINUE" or variant.item.available > 0


def _selected(variant: Variant, args: Args, ctx: Call) -> list[dict[str, Any]]:
    return [
        {"name": option.name, "value": value.name, "optionValue": (variant.product, index, value)}
        for index, (option, value) in enumerate(zip(variant.product.options, variant.options, strict=True), 1)
    ]


def _display_name(variant: Variant, args: Args, ctx: Call) -> str:
    return f"{variant.product.title} - {variant.title}"


def _media(variant: Variant, args: Args, ctx: Call) -> Connection:
    rows = [] if variant.media is None else [variant.media]
    return connect_list(rows, args, "media", lambda file: (0, file.id), unpaged=ctx.unpaged)


VARIANT: Fields = {
    "id": own_id("ProductVariant"),
    "legacyResourceId": attr("id"),
    "title": attr("title"),
    "displayName": _display_name,
    "sku": attr("item.sku"),
    "barcode": attr("barcode"),
    "price": attr("price"),
    "compareAtPrice": attr("compare_at_price"),
    "position": attr("position"),
    "taxable": attr("taxable"),
    "taxCode": attr("tax_code"),
    "inventoryPolicy": attr("inventory_policy"),
    "inventoryQuantity": quantity,
    "sellableOnlineQuantity": sellable,
    "availableForSale": available_for_sale,
    "requiresComponents": attr("requires_components"),
    "showUnitPrice": attr("show_unit_price"),
    "unitPrice": always(None),
    "unitPriceMeasurement": always(None),
    "inventoryItem": attr("item"),
    "product": attr("product"),
    "selectedOptions": _selected,
    "image": attr("media"),
    "media": _media,
    "createdAt": attr("created_at"),
    "updatedAt": attr("updated_at"),
    **METAFIELDS,
    **publication.VARIANT_PUBLISHABLE,
}
