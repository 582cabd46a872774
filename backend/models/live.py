"""What happens by itself: webhooks that came in, what of a shop they say to look at, and which linked
products have to be planned anew because of it."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.models.connection import Connection
from backend.models.shop import Shop


class Webhook(Model):
    """A delivery that was taken in, by Shopify's id of it; without its body. A second delivery of the same id
    is answered and forgotten."""

    id = fields.CharField(max_length=128, primary_key=True)
    event_id = fields.CharField(max_length=128, default="")
    shop_domain = fields.CharField(max_length=255)
    topic = fields.CharField(max_length=64)
    triggered_at = fields.DatetimeField()
    received_at = fields.DatetimeField()

    class Meta:
        table = "webhook"
        indexes = [Index(fields=["received_at"]), Index(fields=["shop_domain", "received_at"])]


class SubjectKind(StrEnum):
    """What of a shop is to be looked at, in the order of urgency.

    GONE_APP: the app was uninstalled there. STOCK: an inventory item. PRODUCT: a product. FACTS: the shop
    itself, its locations, the granted scopes. OPERATION: a bulk operation has ended. CHANGED: everything that
    changed since the last look, in case an event was lost. PLAN: what the shop pays for. REDACT: the shop's
    data is to be deleted.
    """

    GONE_APP = "GONE_APP"
    STOCK = "STOCK"
    FACTS = "FACTS"
    PRODUCT = "PRODUCT"
    OPERATION = "OPERATION"
    CHANGED = "CHANGED"
    PLAN = "PLAN"
    REDACT = "REDACT"


class PendingSubject(Model):
    """Something of a shop that is to be read again. Any number of events about it are one row: `seq` counts
    them, and who has read the truth deletes the row only where `seq` is still the one it saw.

    `happened_at` is when the earliest event that is not dealt with happened, `latest_at` the latest. `gid` is
    "" where the kind says it all. `attempts` counts looks that began and never said how they ended; after
    three the subject is set aside with the reason, until something new happens to it or a person asks.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    shop_id: UUID
    shop: fields.ForeignKeyRelation[Shop] = fields.ForeignKeyField(
        "models.Shop", related_name="pending", on_delete=fields.CASCADE
    )
    kind = fields.CharEnumField(SubjectKind, max_length=16)
    gid = fields.CharField(max_length=128, default="")
    seq = fields.BigIntField(default=1)
    happened_at = fields.DatetimeField()
    latest_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    attempts = fields.IntField(default=0)
    set_aside_at = fields.DatetimeField(null=True)
    reason = fields.TextField(default="")

    class Meta:
        table = "pending_subject"
        unique_together = (("shop_id", "kind", "gid"),)
        indexes = [Index(fields=["shop_id", "due_at"])]


class Stream(StrEnum):
    """STOCK: only quantities moved, and they do not wait for anything else. PRODUCT: anything of it."""

    STOCK = "STOCK"
    PRODUCT = "PRODUCT"


class DirtyProduct(Model):
    """A main product that one connection has to plan anew, from the mirror. Columns as in PendingSubject.

    `from_main`: main changed. Otherwise it was the dependent, whose events are mostly echoes of our own
    writes: what another job has planned already stays with that job.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    connection_id: UUID
    connection: fields.ForeignKeyRelation[Connection] = fields.ForeignKeyField(
        "models.Connection", related_name="dirty", on_delete=fields.CASCADE
    )
    stream = fields.CharEnumField(Stream, max_length=16)
    main_gid = fields.CharField(max_length=128)
    seq = fields.BigIntField(default=1)
    happened_at = fields.DatetimeField()
    latest_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    from_main = fields.BooleanField(default=True)
    attempts = fields.IntField(default=0)
    set_aside_at = fields.DatetimeField(null=True)
    reason = fields.TextField(default="")

    class Meta:
        table = "dirty_product"
        unique_together = (("connection_id", "stream", "main_gid"),)
        indexes = [Index(fields=["connection_id", "due_at"])]


class LocalEdit(Model):
    """A value of a dependent that somebody changed there, as the sync last found it.

    `kept`: the settings, or a person, let it stand; else main's value was written over it. `subject`, `field`
    and `key` name the value as in a change.
    """

    id = fields.UUIDField(primary_key=True)
    connection_id: UUID
    connection: fields.ForeignKeyRelation[Connection] = fields.ForeignKeyField(
        "models.Connection", related_name="local_edits", on_delete=fields.CASCADE
    )
    main_gid = fields.CharField(max_length=128)
    product_gid = fields.CharField(max_length=128)
    subject = fields.CharField(max_length=128)
    field = fields.CharField(max_length=32)
    key = fields.CharField(max_length=400, default="")
    title = fields.TextField(default="")
    sku = fields.CharField(max_length=255, default="")
    main_value: object = fields.JSONField(null=True)
    dependent_value: object = fields.JSONField(null=True)
    kept = fields.BooleanField()
    found_at = fields.DatetimeField()

    class Meta:
        table = "local_edit"
        unique_together = (("connection_id", "subject", "field", "key"),)
        indexes = [Index(fields=["connection_id", "kept", "found_at"])]


class DifferenceReason(StrEnum):
    """DRIFT: it will be repaired by itself. HELD: undone or kept local by a person. LOCAL_EDIT: the settings
    keep it. LOCAL_STOCK: the dependent's own quantity, which mirrored stock leaves alone. BRAKE: waits for a
    person. REFUSED: can't be written, `code` says why."""

    DRIFT = "DRIFT"
    HELD = "HELD"
    LOCAL_EDIT = "LOCAL_EDIT"
    LOCAL_STOCK = "LOCAL_STOCK"
    BRAKE = "BRAKE"
    REFUSED = "REFUSED"


class Difference(Model):
    """A value in which a dependent was found to differ from what it should say, when its link was last
    checked."""

    id = fields.BigIntField(primary_key=True, generated=True)
    connection_id: UUID
    connection: fields.ForeignKeyRelation[Connection] = fields.ForeignKeyField(
        "models.Connection", related_name="differences", on_delete=fields.CASCADE
    )
    main_gid = fields.CharField(max_length=128)
    product_gid = fields.CharField(max_length=128)
    subject = fields.CharField(max_length=128)
    field = fields.CharField(max_length=32)
    key = fields.CharField(max_length=400, default="")
    title = fields.TextField(default="")
    sku = fields.CharField(max_length=255, default="")
    main_value: object = fields.JSONField(null=True)
    dependent_value: object = fields.JSONField(null=True)
    reason = fields.CharEnumField(DifferenceReason, max_length=16)
    code = fields.CharField(max_length=64, null=True)
    found_at = fields.DatetimeField()

    class Meta:
        table = "difference"
        unique_together = (("connection_id", "subject", "field", "key"),)
        indexes = [Index(fields=["connection_id", "main_gid"])]
