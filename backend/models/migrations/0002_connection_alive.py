from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """A dependent has one connection that is not DISCONNECTED at most. The models cannot say this: a partial unique index is
    plain SQL."""

    dependencies = [("models", "0001_initial")]

    operations = [
        ops.RunSQL(
            "CREATE UNIQUE INDEX connection_alive ON connection (dependent_id) WHERE state <> 'DISCONNECTED'",
            reverse_sql="DROP INDEX connection_alive",
        ),
    ]
