"""Changes as rows and as the engine's values."""

from collections.abc import Mapping
from typing import Any

import orjson

from backend.sync.catalog import InventoryItemId, LocationId, ProductId, VariantId
from backend.sync.changeset import Action, Change
from backend.sync.fields import Field, Lane
from backend.sync.link import Ref

_NAMES = """
id job_id lane action field key main_product_gid main_variant_gid product_gid variant_gid inventory_item_gid
title sku before after location_gid main_hash local_edit state attempts batch_id undo
"""
# Of a change that is called c.
COLUMNS = ", ".join(f"c.{name}" for name in _NAMES.split())
SELECT = f"SELECT {COLUMNS} FROM change c "  # noqa: S608


def change_of(row: Mapping[str, Any]) -> Change:
    """`row` is what SELECT brings, its JSON as text."""
    return Change(
        lane=Lane(row["lane"]),
        action=Action(row["action"]),
        field=Field(row["field"]),
        key=row["key"],
        main_product=ProductId(row["main_product_gid"]),
        main_variant=VariantId(row["main_variant_gid"]),
        product=ProductId(row["product_gid"]),
        variant=VariantId(row["variant_gid"]),
        inventory_item=InventoryItemId(row["inventory_item_gid"]),
        title=row["title"],
        sku=row["sku"],
        before=_json(row["before"]),
        after=_json(row["after"]),
        location=LocationId(row["location_gid"]),
        main_hash=row["main_hash"],
        local_edit=row["local_edit"],
    )


def ref_of(row: Mapping[str, Any]) -> Ref:
    """Of `change_of(row)`, without reading its values."""
    subject = row["variant_gid"] or row["main_variant_gid"]
    if not subject and row["field"] != Field.VARIANT:
        subject = row["product_gid"] or row["main_product_gid"]
    return Ref(subject, Field(row["field"]), row["key"])


def _json(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)


def dump(value: Any) -> str:
    return orjson.dumps(value).decode()
