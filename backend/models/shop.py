from enum import StrEnum
from typing import cast
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class Role(StrEnum):
    MAIN = "MAIN"
    DEPENDENT = "DEPENDENT"


class Shop(Model):
    """One Shopify store that has opened the app. `domain` is its myshopify.com name and never changes.

    `changes_read_until`: what changed up to then has been asked for, whether or not an event told of it.
    `onboarded_at`: nobody is led through the set-up since then.
    The connection key is found by its keyed hash and shown by decrypting it; both are set for mains only.
    """

    id = fields.UUIDField(primary_key=True)
    domain = fields.CharField(max_length=255, unique=True)
    name = fields.CharField(max_length=255, default="")
    email = fields.CharField(max_length=320, default="")
    currency = fields.CharField(max_length=3, default="")
    timezone = fields.CharField(max_length=64, default="UTC")
    plan_name = fields.CharField(max_length=64, default="")
    role: fields.Field[Role | None] = cast(
        "fields.Field[Role | None]", fields.CharEnumField(Role, max_length=16, null=True)
    )
    primary_location_gid = fields.CharField(max_length=128, null=True)
    scopes: list[str] = fields.JSONField(default=list)
    variant_limit = fields.IntField(default=2048)
    connection_key_hash = fields.BinaryField(null=True)
    connection_key = fields.BinaryField(null=True)
    connection_key_version = fields.IntField(default=0)
    installed_at = fields.DatetimeField(auto_now_add=True)
    uninstalled_at = fields.DatetimeField(null=True)
    facts_read_at = fields.DatetimeField(null=True)
    changes_read_until = fields.DatetimeField(null=True)
    onboarded_at = fields.DatetimeField(null=True)

    class Meta:
        table = "shop"
        indexes = [Index(fields=["connection_key_hash"])]


class ShopToken(Model):
    """The expiring offline token pair of a shop, encrypted. `version` counts pairs; a refresher owns the
    row until `lease_until`. The previous refresh token is kept until the new pair has been used."""

    shop_id: UUID
    shop: fields.OneToOneRelation[Shop] = fields.OneToOneField(
        "models.Shop", related_name="token", primary_key=True, on_delete=fields.CASCADE
    )
    access_token = fields.BinaryField()
    access_expires_at = fields.DatetimeField(null=True)
    refresh_token = fields.BinaryField(null=True)
    refresh_expires_at = fields.DatetimeField(null=True)
    previous_refresh_token = fields.BinaryField(null=True)
    version = fields.IntField(default=1)
    lease_until = fields.DatetimeField(null=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        table = "shop_token"


class ShopLocation(Model):
    """A location as last read. Deactivated locations stay, so that mappings to them can be explained."""

    id = fields.BigIntField(primary_key=True, generated=True)
    shop_id: UUID
    shop: fields.ForeignKeyRelation[Shop] = fields.ForeignKeyField(
        "models.Shop", related_name="locations", on_delete=fields.CASCADE
    )
    gid = fields.CharField(max_length=128)
    name = fields.CharField(max_length=255)
    is_active = fields.BooleanField(default=True)
    is_primary = fields.BooleanField(default=False)
    observed_at = fields.DatetimeField()

    class Meta:
        table = "shop_location"
        unique_together = (("shop_id", "gid"),)
