from tortoise import fields, migrations
from tortoise.migrations import operations as ops

_FILL = """
UPDATE connection SET read_at = now()
WHERE state IN ('ACTIVE', 'PAUSED')
  AND (in_step_at IS NOT NULL OR EXISTS (SELECT 1 FROM product_link l WHERE l.connection_id = connection.id))
"""


class Migration(migrations.Migration):
    """Since when the mirror has known both shops of a connection whole."""

    dependencies = [("models", "0007_onboarding")]

    operations = [
        ops.AddField(model_name="Connection", name="read_at", field=fields.DatetimeField(null=True)),
        ops.RunSQL(_FILL),
    ]
