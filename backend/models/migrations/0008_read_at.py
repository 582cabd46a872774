from tortoise import fields, migrations
from tortoise.migrations import operations as ops

_FILL = """
UPDATE connection SET read_at = (
    SELECT max(job.finished_at) FROM job
    WHERE job.connection_id = connection.id AND job.kind = 'SYNC_ALL' AND job.state IN ('SUCCEEDED', 'PARTIAL')
)
WHERE state IN ('ACTIVE', 'PAUSED')
"""


class Migration(migrations.Migration):
    """Since when the mirror has known both shops of a connection whole."""

    dependencies = [("models", "0007_onboarding")]

    operations = [
        ops.AddField(model_name="Connection", name="read_at", field=fields.DatetimeField(null=True)),
        ops.RunSQL(_FILL),
    ]
