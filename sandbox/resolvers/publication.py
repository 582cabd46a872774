"""Sales channels, and what of a product is published where."""

from typing import Any

from sandbox.context import Call
from sandbox.ids import parse_gid
from sandbox.paging import Connection, connect_list
from sandbox.plan import Args
from sandbox.resolvers.fields import Fields, always, attr, count, own_id
from sandbox.store.product import Product, Variant
from sandbox.store.publication import Publication


def _is_published(ctx: Call, product: Product, publication: int | None) -> bool:
    date = product.publications.get(publication) if publication is not None else None
    return date is not None and date <= ctx.now and product.status == "ACTIVE"


def online_store_url(ctx: Call, product: Product) -> str | None:
    for publication in ctx.shop.publications:
        if publication.handle == "online_store" and _is_published(ctx, product, publication.id):
            return f"https://{ctx.shop.domain}/products/{product.handle}"
    return None


def _entries(product: Product, args: Args, ctx: Call) -> list[dict[str, Any]]:
    entries = []
    for number in sorted(product.publications):
        date = product.publications[number]
        if args.get("onlyPublished", True) and not _is_published(ctx, product, number):
            continue
        entries.append(
            {
                "publication": ctx.shop.publications[number],
                "publishDate": date,
                "isPublished": _is_published(ctx, product, number),
                "publishable": product,
            }
        )
    return entries


def _resource_publications(product: Product, args: Args, ctx: Call) -> Connection:
    rows = _entries(product, args, ctx)
    return connect_list(rows, args, "resourcePublications", _entry_key, unpaged=ctx.unpaged)


def _entry_key(entry: dict[str, Any]) -> tuple[int, int]:
    return (entry["publication"].id, entry["publication"].id)


def _unpublished(product: Product, args: Args, ctx: Call) -> Connection:
    rows = [row for row in ctx.shop.publications if not _is_published(ctx, product, row.id)]
    return connect_list(
        rows, args, "unpublishedPublications", lambda row: (row.id, row.id), unpaged=ctx.unpaged
    )


def _published_on(product: Product, args: Args, ctx: Call) -> bool:
    return _is_published(ctx, product, parse_gid(args["publicationId"], "Publication"))


PUBLISHABLE: Fields = {
    "publishedOnPublication": _published_on,
    "resourcePublications": _resource_publications,
    "resourcePublicationsV2": _resource_publications,
    "resourcePublicationsCount": lambda p, args, ctx: count(len(_entries(p, args, ctx))),
    "publicationCount": lambda p, args, ctx: len(_entries(p, args, ctx)),
    "availablePublicationsCount": lambda p, args, ctx: count(len(ctx.shop.publications)),
    "unpublishedPublications": _unpublished,
}


def _variant_published_on(variant: Variant, args: Args, ctx: Call) -> bool:
    return _published_on(variant.product, args, ctx)


VARIANT_PUBLISHABLE: Fields = {"publishedOnPublication": _variant_published_on}


def publications(source: Any, args: Args, ctx: Call) -> Connection:
    rows = list(ctx.shop.publications)
    return connect_list(rows, args, "publications", lambda row: (row.id, row.id), unpaged=ctx.unpaged)


def _included(publication: Publication, args: Args, ctx: Call) -> int:
    return sum(1 for product in ctx.shop.products if publication.id in product.publications)


PUBLICATION: Fields = {
    "id": own_id("Publication"),
    "name": attr("name"),
    "autoPublish": attr("auto_publish"),
    "supportsFuturePublishing": attr("supports_future_publishing"),
    "catalog": always(None),
    "operation": always(None),
    "includedProductsCount": lambda p, args, ctx: count(_included(p, args, ctx), args.get("limit")),
}
