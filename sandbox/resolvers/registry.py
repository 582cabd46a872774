"""Which field of which type is simulated, and how it is answered."""

from typing import Any

from sandbox.commands.files import KINDS
from sandbox.context import Call
from sandbox.failures import NotSimulatedError
from sandbox.paging import Connection
from sandbox.plan import Args, Resolver
from sandbox.resolvers import (
    billing,
    inventory,
    lookup,
    media,
    metafield,
    operation,
    product,
    publication,
    query,
    shop,
    variant,
    webhook,
)
from sandbox.resolvers.fields import Fields, itself
from sandbox.store.app import App, Installation
from sandbox.store.billing import AppSubscription
from sandbox.store.inventory import InventoryItem, InventoryLevel
from sandbox.store.location import Location
from sandbox.store.media import File
from sandbox.store.metafield import Metafield, MetafieldDefinition
from sandbox.store.operation import BulkOperation, ProductOperation
from sandbox.store.product import Option, Product, Variant
from sandbox.store.publication import Publication
from sandbox.store.shop import Shop
from sandbox.store.subscription import Subscription

QUERY_ROOT: Fields = {
    "shop": lambda source, args, ctx: ctx.shop,
    "app": shop.app,
    "currentAppInstallation": shop.installation,
    "appInstallation": shop.installation,
    "node": query.node,
    "nodes": query.nodes,
    "product": lambda source, args, ctx: lookup.of_kind(ctx, args["id"], "Product"),
    "productByHandle": lambda source, args, ctx: ctx.shop.handles.get(args["handle"]),
    "productByIdentifier": query.product_by_identifier,
    "products": query.products,
    "productsCount": query.products_count,
    "productVariant": lambda source, args, ctx: lookup.of_kind(ctx, args["id"], "ProductVariant"),
    "productVariantByIdentifier": query.product_variant_by_identifier,
    "productVariants": query.product_variants,
    "productVariantsCount": query.product_variants_count,
    "productOperation": operation.product_operation,
    "inventoryItem": lambda source, args, ctx: lookup.of_kind(ctx, args["id"], "InventoryItem"),
    "inventoryItems": query.inventory_items,
    "inventoryLevel": lambda source, args, ctx: lookup.of_kind(ctx, args["id"], "InventoryLevel"),
    "location": inventory.location,
    "locations": inventory.locations,
    "locationsCount": query.locations_count,
    "publication": lambda source, args, ctx: lookup.of_kind(ctx, args["id"], "Publication"),
    "publications": publication.publications,
    "publicationsCount": lambda source, args, ctx: {
        "count": len(ctx.shop.publications),
        "precision": "EXACT",
    },
    "files": query.files,
    "metafieldDefinition": metafield.definition,
    "metafieldDefinitions": metafield.definitions,
    "bulkOperation": operation.bulk_operation,
    "bulkOperations": operation.bulk_operations,
    "currentBulkOperation": operation.current_bulk_operation,
    **webhook.QUERIES,
}

TYPES: dict[str, Fields] = {
    "QueryRoot": QUERY_ROOT,
    "Shop": shop.SHOP,
    "App": shop.APP,
    "AppInstallation": shop.INSTALLATION,
    "AppSubscription": billing.SUBSCRIPTION,
    "Product": product.PRODUCT,
    "ProductOption": product.OPTION,
    "ProductOptionValue": product.OPTION_VALUE,
    "ProductVariant": variant.VARIANT,
    "InventoryItem": inventory.ITEM,
    "InventoryLevel": inventory.LEVEL,
    "Location": inventory.LOCATION,
    "Publication": publication.PUBLICATION,
    "Metafield": metafield.METAFIELD,
    "MetafieldDefinition": metafield.DEFINITION,
    "MediaImage": media.MEDIA_IMAGE,
    "Video": media.VIDEO,
    "ExternalVideo": media.EXTERNAL_VIDEO,
    "Model3d": media.MODEL_3D,
    "GenericFile": media.GENERIC_FILE,
    "Image": media.IMAGE,
    "BulkOperation": operation.BULK,
    "ProductSetOperation": operation.PRODUCT_SET,
    "ProductDeleteOperation": operation.PRODUCT_DELETE,
    "WebhookSubscription": webhook.SUBSCRIPTION,
}

_NAMES: dict[type, str] = {
    Shop: "Shop",
    App: "App",
    Installation: "AppInstallation",
    AppSubscription: "AppSubscription",
    Product: "Product",
    Variant: "ProductVariant",
    InventoryItem: "InventoryItem",
    InventoryLevel: "InventoryLevel",
    Location: "Location",
    Publication: "Publication",
    Metafield: "Metafield",
    MetafieldDefinition: "MetafieldDefinition",
    BulkOperation: "BulkOperation",
    Subscription: "WebhookSubscription",
}


def type_of(source: Any) -> str:
    """The object type behind an interface or union."""
    name = _NAMES.get(type(source))
    if name is not None:
        return name
    match source:
        case File():
            return KINDS[source.content_type]
        case ProductOperation():
            return source.kind
        case (Product(), int(), Option()):
            return "ProductOption"
        case tuple():
            return "ProductOptionValue"
        case {"__typename": str(name)}:
            return name
    raise TypeError(f"nobody knows the type of {type(source).__name__}")


def _nodes(source: Connection, args: Args, ctx: Call) -> Any:
    return source.rows


def _edges(source: Connection, args: Args, ctx: Call) -> Any:
    return [(source, index, row) for index, row in enumerate(source.rows)]


def _start(source: Connection, args: Args, ctx: Call) -> str | None:
    rows = list(source.rows)
    return source.cursor(0, rows[0]) if rows else None


def _end(source: Connection, args: Args, ctx: Call) -> str | None:
    rows = list(source.rows)
    return source.cursor(len(rows) - 1, rows[-1]) if rows else None


_CONNECTION: Fields = {"nodes": _nodes, "edges": _edges, "pageInfo": itself}
_EDGE: Fields = {
    "node": lambda edge, args, ctx: edge[2],
    "cursor": lambda edge, args, ctx: edge[0].cursor(edge[1], edge[2]),
}
_PAGE_INFO: Fields = {
    "hasNextPage": lambda source, args, ctx: source.has_next,
    "hasPreviousPage": lambda source, args, ctx: source.has_previous,
    "startCursor": _start,
    "endCursor": _end,
}


class Resolvers:
    """Every type's map; whatever has none is answered from plain mappings, as payloads and value objects
    are.
    """

    def __init__(self, mutations: Fields) -> None:
        self._types = {**TYPES, "Mutation": mutations}

    @property
    def simulated(self) -> dict[str, frozenset[str]]:
        """The fields with a resolver, by type."""
        return {name: frozenset(fields) for name, fields in self._types.items()}

    def resolver(self, type_name: str, field_name: str) -> Resolver:
        fields = self._types.get(type_name)
        if fields is None:
            if type_name == "PageInfo":
                fields = _PAGE_INFO
            elif type_name.endswith("Connection"):
                fields = _CONNECTION
            elif type_name.endswith("Edge"):
                fields = _EDGE
            else:
                return _entry(type_name, field_name)
        found = fields.get(field_name)
        return _missing(type_name, field_name) if found is None else found


def _entry(type_name: str, field_name: str) -> Resolver:
    def resolve(source: Any, args: Args, ctx: Call) -> Any:
        try:
            return source[field_name]
        except (KeyError, TypeError):
            raise NotSimulatedError(f"{type_name}.{field_name}") from None

    return resolve


def _missing(type_name: str, field_name: str) -> Resolver:
    def resolve(source: Any, args: Args, ctx: Call) -> Any:
        raise NotSimulatedError(f"{type_name}.{field_name}")

    return resolve
