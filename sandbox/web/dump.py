"""A whole shop as plain JSON, for comparisons that share no code with anything that syncs."""

from collections.abc import Iterable
from typing import Any

from sandbox.commands import files
from sandbox.ids import gid
from sandbox.store.metafield import Metafield
from sandbox.store.product import Product, Variant
from sandbox.store.shop import Shop


def dump_shop(shop: Shop) -> dict[str, Any]:
    """Everything a catalogue is made of. Money and weights are decimal strings, ids are Shopify's global
    ids.
    """
    return {
        "domain": shop.domain,
        "name": shop.name,
        "currency": shop.currency,
        "locale": shop.locale,
        "locations": [
            {
                "id": gid("Location", location.id),
                "name": location.name,
                "isActive": location.is_active,
                "isPrimary": location.is_active and location is shop.primary_location,
            }
            for location in shop.locations
        ],
        "publications": [
            {"id": gid("Publication", publication.id), "name": publication.name}
            for publication in shop.publications
        ],
        "products": [dump_product(shop, product) for product in shop.products],
    }


def dump_product(shop: Shop, product: Product) -> dict[str, Any]:
    return {
        "id": gid("Product", product.id),
        "title": product.title,
        "handle": product.handle,
        "descriptionHtml": product.description_html,
        "vendor": product.vendor,
        "productType": product.product_type,
        "category": product.category,
        "status": product.status,
        "tags": list(product.tags),
        "seo": {"title": product.seo_title, "description": product.seo_description},
        "templateSuffix": product.template_suffix,
        "isGiftCard": product.gift_card,
        "createdAt": product.created_at.isoformat(),
        "updatedAt": product.updated_at.isoformat(),
        "options": [
            {"name": option.name, "values": [value.name for value in option.values]}
            for option in product.options
        ],
        "media": [
            {
                "id": files.file_gid(file),
                "type": file.content_type,
                "status": files.status(shop, file),
                "alt": file.alt,
                "originalSource": file.original_source,
                "url": file.url,
                "width": file.width,
                "height": file.height,
            }
            for file in product.media
        ],
        "metafields": _metafields(product.metafields.values()),
        "publications": sorted(gid("Publication", number) for number in product.publications),
        "variants": [dump_variant(variant) for variant in product.variants],
    }


def dump_variant(variant: Variant) -> dict[str, Any]:
    item = variant.item
    return {
        "id": gid("ProductVariant", variant.id),
        "inventoryItemId": gid("InventoryItem", item.id),
        "title": variant.title,
        "position": variant.position,
        "options": [value.name for value in variant.options],
        "sku": item.sku,
        "barcode": variant.barcode,
        "price": str(variant.price),
        "compareAtPrice": None if variant.compare_at_price is None else str(variant.compare_at_price),
        "cost": None if item.cost is None else str(item.cost),
        "taxable": variant.taxable,
        "inventoryPolicy": variant.inventory_policy,
        "tracked": item.tracked,
        "requiresShipping": item.requires_shipping,
        "weight": {"value": format(item.weight.normalize(), "f"), "unit": item.weight_unit},
        "harmonizedSystemCode": item.harmonized_system_code,
        "countryCodeOfOrigin": item.country_code_of_origin,
        "mediaId": None if variant.media is None else files.file_gid(variant.media),
        "metafields": _metafields(variant.metafields.values()),
        "levels": {
            gid("Location", level.location.id): {
                "available": level.available,
                "onHand": level.on_hand,
                "isActive": level.is_active,
            }
            for level in item.levels.values()
        },
    }


def _metafields(metafields: Iterable[Metafield]) -> list[dict[str, str]]:
    found = sorted(metafields, key=lambda metafield: (metafield.namespace, metafield.key))
    return [
        {"namespace": each.namespace, "key": each.key, "type": each.type, "value": each.value}
        for each in found
    ]
