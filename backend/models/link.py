from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.models.connection import Connection
from backend.sync.link import LinkOrigin


class ProductLink(Model):
    """The durable tie of a main product to a dependent product.

    `base` maps "FIELD" or "FIELD:key" to the agreement on that value of the product itself, those of a
    variant stand at its link (see `backend.sync.link.agreement`); `media` maps main media ids to dependent
    media ids. `gone_since` is set when the main product was confirmed gone. `checked_at` is when both
    products were last read and compared, in `values_checked` values; what differed are `Difference` rows.
    """

    id = fields.UUIDField(primary_key=True)
    connection_id: UUID
    connection: fields.ForeignKeyRelation[Connection] = fields.ForeignKeyField(
        "models.Connection", related_name="product_links", on_delete=fields.CASCADE
    )
    main_gid = fields.CharField(max_length=128)
    dependent_gid = fields.CharField(max_length=128)
    origin = fields.CharEnumField(LinkOrigin, max_length=16)
    base: dict[str, str] = fields.JSONField(default=dict)
    media: dict[str, str] = fields.JSONField(default=dict)
    gone_since = fields.DatetimeField(null=True)
    checked_at = fields.DatetimeField(null=True)
    values_checked = fields.IntField(default=0, db_default=0)
    linked_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "product_link"
        unique_together = (("connection_id", "main_gid"), ("connection_id", "dependent_gid"))
        indexes = [Index(fields=["connection_id", "checked_at"])]


class VariantLink(Model):
    """The tie of a main variant to a dependent variant; `base` as in ProductLink."""

    id = fields.BigIntField(primary_key=True, generated=True)
    connection_id: UUID
    connection: fields.ForeignKeyRelation[Connection] = fields.ForeignKeyField(
        "models.Connection", related_name="variant_links", on_delete=fields.CASCADE
    )
    product_link_id: UUID
    product_link: fields.ForeignKeyRelation[ProductLink] = fields.ForeignKeyField(
        "models.ProductLink", related_name="variants", on_delete=fields.CASCADE
    )
    main_gid = fields.CharField(max_length=128)
    dependent_gid = fields.CharField(max_length=128)
    created_by_us = fields.BooleanField(default=False)
    base: dict[str, str] = fields.JSONField(default=dict)

    class Meta:
        table = "variant_link"
        unique_together = (("connection_id", "main_gid"), ("connection_id", "dependent_gid"))
        indexes = [Index(fields=["product_link_id"])]


class HoldReason(StrEnum):
    UNDONE = "UNDONE"
    KEPT_LOCAL = "KEPT_LOCAL"


class Hold(Model):
    """A dependent's value that the sync leaves alone until main's value changes from `main_hash`, or a
    person releases it. `subject` is the dependent's product or variant id, `field` and `key` name the value
    as in a change. A hold without `main_hash` lasts until it is released."""

    id = fields.UUIDField(primary_key=True)
    connection_id: UUID
    connection: fields.ForeignKeyRelation[Connection] = fields.ForeignKeyField(
        "models.Connection", related_name="holds", on_delete=fields.CASCADE
    )
    product_gid = fields.CharField(max_length=128)
    subject = fields.CharField(max_length=128)
    field = fields.CharField(max_length=32)
    key = fields.CharField(max_length=400, default="")
    reason = fields.CharEnumField(HoldReason, max_length=16)
    main_hash = fields.CharField(max_length=32, null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "hold"
        unique_together = (("connection_id", "subject", "field", "key"),)
        indexes = [Index(fields=["connection_id", "product_gid"])]


class ConflictState(StrEnum):
    OPEN = "OPEN"
    IGNORED = "IGNORED"
    RESOLVED = "RESOLVED"


class Conflict(Model):
    """A product that can't be matched without a person. One row per main product (or dependent product,
    where only that one is at fault) and code; it closes by itself when the cause is gone."""

    id = fields.UUIDField(primary_key=True)
    connection_id: UUID
    connection: fields.ForeignKeyRelation[Connection] = fields.ForeignKeyField(
        "models.Connection", related_name="conflicts", on_delete=fields.CASCADE
    )
    code = fields.CharField(max_length=32)
    main_gid = fields.CharField(max_length=128)
    title = fields.TextField(default="")
    skus: list[str] = fields.JSONField(default=list)
    candidates: list[dict[str, Any]] = fields.JSONField(default=list)
    state = fields.CharEnumField(ConflictState, max_length=16, default=ConflictState.OPEN)
    decision: dict[str, Any] = fields.JSONField(default=dict)
    seen_at = fields.DatetimeField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "conflict"
        unique_together = (("connection_id", "main_gid", "code"),)
        indexes = [Index(fields=["connection_id", "state"])]
