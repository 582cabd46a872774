"""Shopify's JSON turned into catalogue values, normalised: what means the same compares equal.

A connection is given as `{"nodes": [...]}`, complete. Fields that were not asked for are missing and leave
the default.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.errors import Unavailable
from backend.sync.catalog import (
    InventoryItemId,
    InventoryPolicy,
    Location,
    LocationId,
    Media,
    MediaId,
    MediaKind,
    Metafield,
    Option,
    OptionValue,
    Product,
    ProductId,
    ProductStatus,
    Variant,
    VariantId,
    Weight,
)
from backend.sync.origin import NAMESPACE

Json = Mapping[str, Any]

_OWN = "--" + NAMESPACE.removeprefix("$app:")
DEFAULT_TITLE = OptionValue("Title", "Default Title")
NO_VARIANT = Variant(VariantId(""), InventoryItemId(""))


@contextmanager
def decoding() -> Iterator[None]:
    """Turns what goes wrong while an answer is taken apart into `Unavailable`: it has not the shape asked
    for."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise Unavailable(f"Shopify's answer has an unexpected shape ({type(error).__name__})") from error


def nodes(parent: Json, name: str) -> list[Any]:
    """The nodes of a connection; none where it was not asked for."""
    return list(parent[name]["nodes"]) if name in parent else []


def product(node: Json, variants: tuple[Variant, ...] = ()) -> Product:
    """A `ProductFields` node."""
    seo = node.get("seo") or {}
    return Product(
        id=ProductId(_id(node)),
        title=node["title"] or "",
        handle=node["handle"] or "",
        description_html=node.get("descriptionHtml") or "",
        vendor=node["vendor"] or "",
        product_type=node["productType"] or "",
        category_id=(node.get("category") or {}).get("id") or "",
        tags=tuple(sorted({str(tag) for tag in node["tags"]})),
        status=ProductStatus(node["status"]),
        seo_title=seo.get("title") or "",
        seo_description=seo.get("description") or "",
        template_suffix=node.get("templateSuffix") or "",
        origin=(node.get("origin") or {}).get("value") or "",
        options=tuple(Option(each["name"], tuple(each["values"])) for each in node.get("options") or ()),
        variants=variants,
        media=tuple(media(each) for each in nodes(node, "media")),
        metafields=_sorted_metafields(node),
        updated_at=moment(node["updatedAt"]),
    )


def variant(node: Json, locations: tuple[LocationId, ...]) -> Variant:
    """A `VariantFields` node. `locations` are those that level0, level1, … were asked for, in this order."""
    item = node["inventoryItem"]
    cost = item.get("unitCost")
    attached = nodes(node, "media")
    return Variant(
        id=VariantId(_id(node)),
        inventory_item_id=InventoryItemId(_id(item)),
        options=option_values(node),
        position=int(node["position"]),
        sku=node["sku"] or "",
        barcode=node.get("barcode") or "",
        price=_money(node["price"]),
        compare_at_price=_optional_money(node["compareAtPrice"]),
        cost=None if cost is None else _money(cost["amount"]),
        taxable=bool(node.get("taxable", True)),
        inventory_policy=InventoryPolicy(node.get("inventoryPolicy") or InventoryPolicy.DENY),
        tracked=bool(item["tracked"]),
        requires_shipping=bool(item.get("requiresShipping", True)),
        weight=_weight(item.get("measurement")),
        hs_code=item.get("harmonizedSystemCode") or "",
        country_of_origin=item.get("countryCodeOfOrigin") or "",
        media_id=MediaId(_id(attached[0])) if attached else None,
        metafields=_sorted_metafields(node),
        stock=stock(item, locations),
    )


def option_values(node: Json) -> tuple[OptionValue, ...]:
    """The variant's options; from its title, which is their values, where they were not asked for: then the
    places stand for the names, and pairing by value works still."""
    if "selectedOptions" in node:
        return tuple(OptionValue(each["name"], each["value"]) for each in node["selectedOptions"])
    title = node.get("title")
    if title == DEFAULT_TITLE.value:
        return (DEFAULT_TITLE,)
    values = title.split(" / ") if title else []
    return tuple(OptionValue(str(place), value) for place, value in enumerate(values, start=1))


def stock(item: Json, locations: tuple[LocationId, ...]) -> dict[LocationId, int]:
    """Available quantities of an inventory item by location; a location without a level is absent."""
    named = {
        location: _available(level)
        for index, location in enumerate(locations)
        if (level := item.get(f"level{index}")) is not None
    }
    every = {
        LocationId(_id(level["location"])): _available(level) for level in nodes(item, "inventoryLevels")
    }
    return named | every


def media(node: Json) -> Media:
    """A `MediaFields` node. While Shopify still processes a file it has no address and no size."""
    kind = MediaKind(node["mediaContentType"])
    source: Json = {}
    match kind:
        case MediaKind.IMAGE:
            source = node.get("image") or {}
        case MediaKind.VIDEO | MediaKind.MODEL_3D:
            source = node.get("originalSource") or {}
        case MediaKind.EXTERNAL_VIDEO:
            source = {"url": node.get("originUrl")}
    return Media(
        id=MediaId(_id(node)),
        kind=kind,
        url=source.get("url") or "",
        alt=node["alt"] or "",
        width=int(source.get("width") or 0),
        height=int(source.get("height") or 0),
        ready=node["status"] == "READY",
    )


def location(node: Json, primary: str | None) -> Location:
    return Location(
        id=LocationId(_id(node)),
        name=node["name"],
        is_active=bool(node["isActive"]),
        is_primary=node["id"] == primary,
    )


def moment(text: str) -> datetime:
    """An aware time from Shopify's ISO 8601 text. Raises ValueError for one without an offset."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("a time without an offset")
    return value


def number(gid: str) -> int:
    """The numeric part of a gid: "gid://shopify/Product/12" -> 12. Raises ValueError."""
    return int(gid.rsplit("/", 1)[1].partition("?")[0])


def _id(node: Json) -> str:
    gid = node["id"]
    if not isinstance(gid, str) or not gid.startswith("gid://"):
        raise ValueError("an id that is no gid")
    return gid


def _available(level: Json) -> int:
    return int(level["quantities"][0]["quantity"])


def _money(text: Any) -> Decimal:
    if not isinstance(text, str):
        raise ValueError("money that is no text")
    amount = Decimal(text)
    if not amount.is_finite():
        raise ValueError("money that is no number")
    return amount


def _optional_money(text: Any) -> Decimal | None:
    return None if text is None else _money(text)


def _weight(measurement: Json | None) -> Weight | None:
    """A weight of 0 is none: Shopify fills it in with the shop's unit, which says nothing."""
    weight = (measurement or {}).get("weight")
    if weight is None:
        return None
    value = Decimal(str(weight["value"]))
    return Weight(value, weight["unit"]) if value else None


def metafields(given: Iterable[Json]) -> tuple[Metafield, ...]:
    """`MetafieldFields` nodes, in their order."""
    return tuple(Metafield(each["namespace"], each["key"], each["type"], each["value"]) for each in given)


def _sorted_metafields(node: Json) -> tuple[Metafield, ...]:
    """Without the app's own, whose namespace Shopify answers with the app's number: they are
    `Product.origin`."""
    found = (each for each in metafields(nodes(node, "metafields")) if not each.namespace.endswith(_OWN))
    return tuple(sorted(found, key=lambda each: (each.namespace, each.key)))
