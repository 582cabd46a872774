from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """A metafield's namespace may have 255 characters and its key 64 more: "namespace.key" must fit."""

    dependencies = [("models", "0002_connection_alive")]

    operations = [
        ops.AlterField(
            model_name=name, name="key", field=fields.CharField(default="", unique=False, max_length=400)
        )
        for name in ("Change", "Hold")
    ]
