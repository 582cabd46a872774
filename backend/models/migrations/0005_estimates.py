from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """What a read or a write is expected to take, and how fast the shop's bulk operations were."""

    dependencies = [("models", "0004_live")]

    operations = [
        operation
        for model in ("Job", "Refresh")
        for operation in (
            ops.AddField(model_name=model, name="estimate_points", field=fields.IntField(null=True)),
            ops.AddField(model_name=model, name="estimate_seconds", field=fields.IntField(null=True)),
            ops.AddField(model_name=model, name="bulk_rate", field=fields.FloatField(null=True)),
        )
    ]
