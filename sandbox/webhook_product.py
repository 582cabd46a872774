"""The body of products/create and products/update."""

from typing import Any

from sandbox.commands import files
from sandbox.ids import gid
from sandbox.store.media import File
from sandbox.store.product import Option, Product, Variant
from sandbox.store.shop import Shop
from sandbox.webhook_values import local, milliseconds

MAX_VARIANTS = 100
"""Told in full; variant_gids names all of them."""


def product_payload(shop: Shop, product: Product) -> dict[str, Any]:
    images = [file for file in product.media if file.content_type == "IMAGE" and _is_ready(shop, file)]
    pictures = [_image(shop, product, file, place) for place, file in enumerate(images, 1)]
    return {
        "admin_graphql_api_id": gid("Product", product.id),
        "body_html": product.description_html,
        "created_at": local(shop, product.created_at),
        "handle": product.handle,
        "id": product.id,
        "product_type": product.product_type,
        "published_at": _published_at(shop, product),
        "template_suffix": product.template_suffix,
        "title": product.title,
        "updated_at": local(shop, product.updated_at),
        "vendor": product.vendor,
        "status": product.status.lower(),
        "published_scope": "global" if _is_on(shop, product, "point_of_sale") else "web",
        "tags": ", ".join(product.tags),
        "variants": [_variant(shop, product, variant) for variant in product.variants[:MAX_VARIANTS]],
        "options": [_option(product, option, place) for place, option in enumerate(product.options, 1)],
        "images": pictures,
        "image": pictures[0] if pictures else None,
        "media": [_media(shop, product, file, place) for place, file in enumerate(product.media, 1)],
        "variant_gids": [
            {
                "admin_graphql_api_id": gid("ProductVariant", variant.id),
                "updated_at": milliseconds(variant.updated_at),
            }
            for variant in product.variants
        ],
        "has_variants_that_requires_components": any(v.requires_components for v in product.variants),
        "category": _category(product),
    }


def _variant(shop: Shop, product: Product, variant: Variant) -> dict[str, Any]:
    names = [value.name for value in variant.options]
    quantity = variant.item.available
    picture = variant.media
    return {
        "admin_graphql_api_id": gid("ProductVariant", variant.id),
        "barcode": variant.barcode,
        "compare_at_price": None if variant.compare_at_price is None else f"{variant.compare_at_price:.2f}",
        "created_at": local(shop, variant.created_at),
        "id": variant.id,
        "inventory_policy": variant.inventory_policy.lower(),
        "position": variant.position,
        "price": f"{variant.price:.2f}",
        "product_id": product.id,
        "sku": variant.item.sku,
        "taxable": variant.taxable,
        "title": variant.title,
        "updated_at": local(shop, variant.updated_at),
        **{f"option{place}": names[place - 1] if place <= len(names) else None for place in (1, 2, 3)},
        "image_id": None if picture is None or picture.content_type != "IMAGE" else picture.id,
        "inventory_item_id": variant.item.id,
        "inventory_quantity": quantity,
        "old_inventory_quantity": quantity,
    }


def _option(product: Product, option: Option, position: int) -> dict[str, Any]:
    return {
        "name": option.name,
        "id": option.id,
        "product_id": product.id,
        "position": position,
        "values": [value.name for value in option.values],
    }


def _image(shop: Shop, product: Product, file: File, position: int) -> dict[str, Any]:
    return {
        "id": file.id,
        "product_id": product.id,
        "position": position,
        "created_at": local(shop, file.created_at),
        "updated_at": local(shop, file.updated_at),
        "alt": file.alt or None,
        "width": file.width,
        "height": file.height,
        "src": file.url,
        "variant_ids": _shown_by(product, file),
        "admin_graphql_api_id": gid("ProductImage", file.id),
    }


def _media(shop: Shop, product: Product, file: File, position: int) -> dict[str, Any]:
    status = files.status(shop, file)
    preview = {"width": file.width, "height": file.height, "src": file.url, "status": status}
    if status != "READY":
        preview = {"width": None, "height": None, "src": None, "status": status}
    return {
        "id": file.id,
        "product_id": product.id,
        "position": position,
        "created_at": local(shop, file.created_at),
        "updated_at": local(shop, file.updated_at),
        "alt": file.alt or None,
        "status": status,
        "media_content_type": file.content_type,
        "preview_image": preview,
        "variant_ids": _shown_by(product, file),
        "admin_graphql_api_id": files.file_gid(file),
    }


def _shown_by(product: Product, file: File) -> list[int]:
    return [variant.id for variant in product.variants if variant.media is file]


def _is_ready(shop: Shop, file: File) -> bool:
    return files.status(shop, file) == "READY"


def _is_on(shop: Shop, product: Product, channel: str) -> bool:
    return any(
        publication.handle == channel and publication.id in product.publications
        for publication in shop.publications
    )


def _published_at(shop: Shop, product: Product) -> str | None:
    """When it came to the online store; null while it is not there."""
    for publication in shop.publications:
        if publication.handle == "online_store" and publication.id in product.publications:
            return local(shop, product.publications[publication.id])
    return None


def _category(product: Product) -> dict[str, Any] | None:
    """The sandbox knows no names of categories: the id's last part stands for them, as in its API."""
    if product.category is None:
        return None
    name = product.category.rpartition("/")[2]
    return {"admin_graphql_api_id": product.category, "name": name, "full_name": name}
