"""Product, its options, and what is computed from its variants."""

import re
from html import unescape
from typing import Any

from sandbox.commands import metafields
from sandbox.context import Call
from sandbox.ids import gid
from sandbox.paging import Connection, connect_list
from sandbox.plan import Args
from sandbox.resolvers import publication, search_fields
from sandbox.resolvers.fields import Fields, always, attr, count, money, own_id
from sandbox.resolvers.metafield import METAFIELDS
from sandbox.store.media import File
from sandbox.store.metafield import Metafield
from sandbox.store.product import Option, OptionValue, Product, Variant

_TAG = re.compile(r"<[^>]*>")


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(_TAG.sub(" ", html))).strip()


def _description(product: Product, args: Args, ctx: Call) -> str:
    text = plain(product.description_html)
    most = args.get("truncateAt")
    return text if most is None or len(text) <= most else text[: max(0, most - 3)] + "..."


def variants(product: Product, args: Args, ctx: Call) -> Connection:
    rows = product.variants
    sort = args.get("sortKey", "POSITION")
    if sort == "POSITION":
        return connect_list(rows, args, "variants", _by_position, unpaged=ctx.unpaged)
    value = search_fields.VARIANT_SORTS.get(sort, search_fields.by_id)
    ordered = sorted(rows, key=lambda row: (value(row), row.id))
    return connect_list(ordered, args, "variants", lambda row: (value(row), row.id), unpaged=ctx.unpaged)


def media(product: Product, args: Args, ctx: Call) -> Connection:
    places = {file.id: index for index, file in enumerate(product.media)}
    return connect_list(
        product.media, args, "media", lambda file: (places[file.id], file.id), unpaged=ctx.unpaged
    )


def images(product: Product, args: Args, ctx: Call) -> Connection:
    pictures = [file for file in product.media if file.content_type == "IMAGE"]
    places = {file.id: index for index, file in enumerate(pictures)}
    return connect_list(
        pictures, args, "images", lambda file: (places[file.id], file.id), unpaged=ctx.unpaged
    )


def _by_position(variant: Variant) -> tuple[int, int]:
    return (variant.position, variant.id)


def _range(product: Product, args: Args, ctx: Call) -> dict[str, Any]:
    prices = [variant.price for variant in product.variants]
    return {
        "minVariantPrice": money(min(prices), ctx.shop.currency),
        "maxVariantPrice": money(max(prices), ctx.shop.currency),
    }


def _compare_at_range(product: Product, args: Args, ctx: Call) -> dict[str, Any] | None:
    prices = [v.compare_at_price for v in product.variants if v.compare_at_price is not None]
    if not prices:
        return None
    return {
        "minVariantCompareAtPrice": money(min(prices), ctx.shop.currency),
        "maxVariantCompareAtPrice": money(max(prices), ctx.shop.currency),
    }


def total_inventory(product: Product, args: Args | None = None, ctx: Call | None = None) -> int:
    """The stock of all tracked variants."""
    return sum(variant.item.available for variant in product.variants if variant.item.tracked)


def _out_of_stock(product: Product, args: Args, ctx: Call) -> bool:
    return any(v.item.tracked and v.item.available <= 0 for v in product.variants)


def _featured(product: Product, args: Args, ctx: Call) -> File | None:
    return product.media[0] if product.media else None


def _featured_image(product: Product, args: Args, ctx: Call) -> File | None:
    return next((file for file in product.media if file.content_type == "IMAGE"), None)


def _options(product: Product, args: Args, ctx: Call) -> list[tuple[Product, int, Option]]:
    return [(product, index, option) for index, option in enumerate(product.options[: args.get("first")], 1)]


def _published_at(product: Product, args: Args, ctx: Call) -> Any:
    dates = [moment for moment in product.publications.values() if moment <= ctx.now]
    return min(dates) if dates else None


def category(product: Product, args: Args, ctx: Call) -> dict[str, Any] | None:
    if product.category is None:
        return None
    handle = product.category.rpartition("/")[2]
    parts = handle.split("-")
    return {
        "id": product.category,
        "name": handle,
        "fullName": handle,
        "isArchived": False,
        "isRoot": len(parts) == 1,
        "level": len(parts),
    }


def _metafield(product: Product, args: Args, ctx: Call) -> Metafield | None:
    namespace = metafields.app_namespace(args.get("namespace"), ctx.app_id)
    return product.metafields.get((namespace, args["key"]))


PRODUCT: Fields = {
    "id": own_id("Product"),
    "legacyResourceId": attr("id"),
    "title": attr("title"),
    "handle": attr("handle"),
    "description": _description,
    "descriptionHtml": attr("description_html"),
    "bodyHtml": attr("description_html"),
    "descriptionPlainSummary": lambda p, args, ctx: plain(p.description_html)[:255],
    "vendor": attr("vendor"),
    "productType": attr("product_type"),
    "customProductType": lambda p, args, ctx: p.product_type or None,
    "category": category,
    "status": attr("status"),
    "tags": attr("tags"),
    "seo": lambda p, args, ctx: {"title": p.seo_title, "description": p.seo_description},
    "templateSuffix": attr("template_suffix"),
    "isGiftCard": attr("gift_card"),
    "giftCardTemplateSuffix": attr("gift_card_template_suffix"),
    "requiresSellingPlan": attr("requires_selling_plan"),
    "createdAt": attr("created_at"),
    "updatedAt": attr("updated_at"),
    "publishedAt": _published_at,
    "options": _options,
    "variants": variants,
    "variantsCount": lambda p, args, ctx: count(len(p.variants)),
    "totalVariants": lambda p, args, ctx: len(p.variants),
    "hasOnlyDefaultVariant": attr("has_only_default_variant"),
    "hasOutOfStockVariants": _out_of_stock,
    "hasVariantsThatRequiresComponents": lambda p, args, ctx: any(v.requires_components for v in p.variants),
    "totalInventory": total_inventory,
    "tracksInventory": lambda p, args, ctx: any(v.item.tracked for v in p.variants),
    "priceRangeV2": _range,
    "priceRange": _range,
    "compareAtPriceRange": _compare_at_range,
    "media": media,
    "mediaCount": lambda p, args, ctx: count(len(p.media)),
    "images": images,
    "featuredMedia": _featured,
    "featuredImage": _featured_image,
    "combinedListingRole": always(None),
    "onlineStoreUrl": lambda p, args, ctx: publication.online_store_url(ctx, p),
    "onlineStorePreviewUrl": lambda p, args, ctx: f"https://{ctx.shop.domain}/products/{p.handle}",
    **METAFIELDS,
    **publication.PUBLISHABLE,
}

OPTION: Fields = {
    "id": lambda o, args, ctx: gid("ProductOption", o[2].id),
    "name": lambda o, args, ctx: o[2].name,
    "position": lambda o, args, ctx: o[1],
    "values": lambda o, args, ctx: [v.name for v in o[2].values if v.id in _used(o[0], o[1])],
    "optionValues": lambda o, args, ctx: [(o[0], o[1], value) for value in o[2].values],
    "linkedMetafield": always(None),
}

OPTION_VALUE: Fields = {
    "id": lambda v, args, ctx: gid("ProductOptionValue", v[2].id),
    "name": lambda v, args, ctx: v[2].name,
    "hasVariants": lambda v, args, ctx: v[2].id in _used(v[0], v[1]),
    "linkedMetafieldValue": always(None),
    "swatch": always(None),
}


def _used(product: Product, position: int) -> set[int]:
    """Values of the option at a position that variants have."""
    return {variant.options[position - 1].id for variant in product.variants}


def option_value(product: Product, value: OptionValue) -> tuple[Product, int, OptionValue]:
    """An option value as the resolvers of ProductOptionValue take it."""
    for index, option in enumerate(product.options, 1):
        if value in option.values:
            return (product, index, value)
    raise ValueError(f"{value.id} is of another product")
