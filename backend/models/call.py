from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.models.job import Job


class Call(Model):
    """A write that was sent to a shop and answered: the changes that it carried out name it, so that a value
    can be traced. `operation` is the mutation's name, `request_id` Shopify's own name of the request."""

    id = fields.UUIDField(primary_key=True)
    job_id: UUID
    job: fields.ForeignKeyRelation[Job] = fields.ForeignKeyField(
        "models.Job", related_name="written", on_delete=fields.CASCADE
    )
    operation = fields.CharField(max_length=64)
    request_id = fields.CharField(max_length=128, default="")
    points = fields.IntField(default=0)
    sent_at = fields.DatetimeField()
    answered_at = fields.DatetimeField()

    class Meta:
        table = "call"
        indexes = [Index(fields=["job_id"])]
