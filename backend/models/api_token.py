from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.models.shop import Shop


class TokenScope(StrEnum):
    """WRITE implies READ."""

    READ = "READ"
    WRITE = "WRITE"


class ApiToken(Model):
    """A program's key to a shop's data. The token is shown once and found by its keyed hash; `hint` is its
    last characters, by which a person tells tokens apart."""

    id = fields.UUIDField(primary_key=True)
    shop_id: UUID
    shop: fields.ForeignKeyRelation[Shop] = fields.ForeignKeyField(
        "models.Shop", related_name="api_tokens", on_delete=fields.CASCADE
    )
    name = fields.CharField(max_length=100)
    digest = fields.BinaryField()
    hint = fields.CharField(max_length=8)
    scope = fields.CharEnumField(TokenScope, max_length=16)
    created_at = fields.DatetimeField(auto_now_add=True)
    created_by = fields.CharField(max_length=64, default="")
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "api_token"
        unique_together = (("digest",),)
        indexes = [Index(fields=["shop_id", "created_at"])]
