"""Writes against a Shopify that answers by script."""

from typing import Any
from uuid import UUID

from backend.shopify.outcome import WriteResult
from backend.shopify.writer import CatalogWriter
from backend.sync.catalog import (
    InventoryItemId,
    LocationId,
    ProductId,
    VariantId,
)
from backend.sync.writes import (
    Write,
)
from tests.shopify.wire import Reply, Script, scripted
from tests.shopify.writing import KEY

PRODUCT = ProductId("gid://shopify/Product/1")
ONE, TWO = (VariantId(f"gid://shopify/ProductVariant/{number}") for number in (1, 2))
ITEM = InventoryItemId("gid://shopify/InventoryItem/1")
PLACE = LocationId("gid://shopify/Location/1")


def problem(code: str | None, *field: str, message: str = "No.") -> dict[str, Any]:
    given: dict[str, Any] = {"field": list(field) or None, "message": message}
    return given if code is None else given | {"code": code}


async def write(*replies: Reply, to: Write, key: UUID = KEY) -> tuple[WriteResult, Script]:
    client, script = scripted(*replies, patience=0)
    return await CatalogWriter(client).execute(to, key), script


def node(gid: VariantId) -> dict[str, Any]:
    return {
        "id": gid,
        "position": 1,
        "sku": "",
        "price": "1.00",
        "compareAtPrice": "2.00",
        "barcode": None,
        "taxable": True,
        "inventoryPolicy": "DENY",
    }
