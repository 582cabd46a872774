from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """When a shop's people finished the set-up, or put the rest of it off."""

    dependencies = [("models", "0006_people")]

    operations = [
        ops.AddField(model_name="Shop", name="onboarded_at", field=fields.DatetimeField(null=True)),
    ]
