"""The catalogue mirror: what was last read of every shop. Rows never go backwards: `observed_at` is when
the read began, and an older observation never replaces a newer one."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.models.shop import Shop


class MirrorProduct(Model):
    """`details` holds what a product has beyond the columns, as `backend.jobs.mirror` writes it."""

    id = fields.BigIntField(primary_key=True, generated=True)
    shop_id: UUID
    shop: fields.ForeignKeyRelation[Shop] = fields.ForeignKeyField(
        "models.Shop", related_name="products", on_delete=fields.CASCADE
    )
    gid = fields.CharField(max_length=128)
    title = fields.TextField(default="")
    handle = fields.CharField(max_length=255, default="")
    status = fields.CharField(max_length=16, default="ACTIVE")
    vendor = fields.CharField(max_length=255, default="")
    product_type = fields.CharField(max_length=255, default="")
    tags: list[str] = fields.JSONField(default=list)
    origin = fields.CharField(max_length=255, default="")
    details: dict[str, Any] = fields.JSONField(default=dict)
    updated_at = fields.DatetimeField(null=True)
    observed_at = fields.DatetimeField()
    gone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "mirror_product"
        unique_together = (("shop_id", "gid"),)
        indexes = [Index(fields=["shop_id", "origin"])]


class MirrorVariant(Model):
    id = fields.BigIntField(primary_key=True, generated=True)
    shop_id: UUID
    shop: fields.ForeignKeyRelation[Shop] = fields.ForeignKeyField(
        "models.Shop", related_name="variants", on_delete=fields.CASCADE
    )
    gid = fields.CharField(max_length=128)
    product_gid = fields.CharField(max_length=128)
    inventory_item_gid = fields.CharField(max_length=128)
    position = fields.IntField(default=1)
    sku = fields.CharField(max_length=255, default="")
    match_sku = fields.CharField(max_length=255, default="")
    price = fields.DecimalField(max_digits=24, decimal_places=4, default=0)
    compare_at_price = fields.DecimalField(max_digits=24, decimal_places=4, null=True)
    tracked = fields.BooleanField(default=False)
    details: dict[str, Any] = fields.JSONField(default=dict)
    observed_at = fields.DatetimeField()
    gone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "mirror_variant"
        unique_together = (("shop_id", "gid"),)
        indexes = [
            Index(fields=["shop_id", "product_gid"]),
            Index(fields=["shop_id", "match_sku"]),
            Index(fields=["shop_id", "inventory_item_gid"]),
        ]


class MirrorStock(Model):
    """The available quantity of an inventory item at a location."""

    id = fields.BigIntField(primary_key=True, generated=True)
    shop_id: UUID
    shop: fields.ForeignKeyRelation[Shop] = fields.ForeignKeyField(
        "models.Shop", related_name="stock", on_delete=fields.CASCADE
    )
    inventory_item_gid = fields.CharField(max_length=128)
    location_gid = fields.CharField(max_length=128)
    available = fields.BigIntField()
    observed_at = fields.DatetimeField()

    class Meta:
        table = "mirror_stock"
        unique_together = (("shop_id", "inventory_item_gid", "location_gid"),)


class RefreshState(StrEnum):
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class Refresh(Model):
    """One full read of a shop into the mirror, shared by every job that asked before it began.

    `wanted` is what of the catalogue is read; `strategy` is PAGES, BULK or BULK+PAGES; `cursor` is where the
    next slice goes on; `points` and `calls` are what Shopify charged, the estimates what was expected when
    the strategy was chosen. `bulk_rate` is how many objects a second one bulk operation of it has read.
    """

    id = fields.UUIDField(primary_key=True)
    shop_id: UUID
    shop: fields.ForeignKeyRelation[Shop] = fields.ForeignKeyField(
        "models.Shop", related_name="refreshes", on_delete=fields.CASCADE
    )
    state = fields.CharEnumField(RefreshState, max_length=16, default=RefreshState.RUNNING)
    wanted: dict[str, Any] = fields.JSONField()
    strategy = fields.CharField(max_length=16, default="")
    cursor: dict[str, Any] = fields.JSONField(default=dict)
    objects_total: int | None = fields.IntField(null=True)
    objects_done = fields.IntField(default=0)
    points = fields.IntField(default=0)
    calls = fields.IntField(default=0)
    estimate_points: int | None = fields.IntField(null=True)
    estimate_seconds: int | None = fields.IntField(null=True)
    bulk_rate: float | None = fields.FloatField(null=True)
    error_code = fields.CharField(max_length=64, null=True)
    error_message = fields.TextField(default="")
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "refresh"
        indexes = [Index(fields=["shop_id", "started_at"])]
