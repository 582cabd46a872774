from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from backend.models.connection import Connection
from backend.models.shop import Shop


class ShopPlan(Model):
    """The plan that a shop has chosen, by its name in the configuration; without a row it has the first one.

    `subscription_gid` is Shopify's subscription that pays for it, None for a plan without a price.
    `pending_*` is a change that waits for the merchant's confirmation at Shopify.
    """

    shop_id: UUID
    shop: fields.OneToOneRelation[Shop] = fields.OneToOneField(
        "models.Shop", related_name="plan", primary_key=True, on_delete=fields.CASCADE
    )
    plan = fields.CharField(max_length=64)
    subscription_gid = fields.CharField(max_length=128, null=True)
    status = fields.CharField(max_length=16, default="ACTIVE")
    pending_plan = fields.CharField(max_length=64, null=True)
    pending_gid = fields.CharField(max_length=128, null=True)
    pending_since = fields.DatetimeField(null=True)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "shop_plan"


class WaitingProduct(Model):
    """A main product that would be linked on the connection, but for a plan: `by_main` and `by_dependent`
    tell whose. The row goes when a plan of the product does not find it waiting any more."""

    id = fields.BigIntField(primary_key=True, generated=True)
    connection_id: UUID
    connection: fields.ForeignKeyRelation[Connection] = fields.ForeignKeyField(
        "models.Connection", related_name="waiting_products", on_delete=fields.CASCADE
    )
    main_gid = fields.CharField(max_length=128)
    by_main = fields.BooleanField(default=False)
    by_dependent = fields.BooleanField(default=False)
    since = fields.DatetimeField()
    seen_at = fields.DatetimeField()

    class Meta:
        table = "waiting_product"
        unique_together = (("connection_id", "main_gid"),)
