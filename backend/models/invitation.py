from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.models.shop import Shop


class InvitationState(StrEnum):
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    REVOKED = "REVOKED"


class Invitation(Model):
    """A main's request to a shop, by its domain: that shop may not have opened the app yet. There is one row
    for a main and a domain; sending it again asks anew. `sent_count` is how often it was sent."""

    id = fields.UUIDField(primary_key=True)
    main_id: UUID
    main: fields.ForeignKeyRelation[Shop] = fields.ForeignKeyField(
        "models.Shop", related_name="invitations", on_delete=fields.CASCADE
    )
    domain = fields.CharField(max_length=255)
    state = fields.CharEnumField(InvitationState, max_length=16, default=InvitationState.PENDING)
    sent_at = fields.DatetimeField()
    sent_count = fields.IntField(default=1)
    answered_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    created_by = fields.CharField(max_length=64, default="")

    class Meta:
        table = "invitation"
        unique_together = (("main_id", "domain"),)
        indexes = [Index(fields=["domain", "state"])]
