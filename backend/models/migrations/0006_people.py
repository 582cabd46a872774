from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from backend.models.api_token import TokenScope
from backend.models.invitation import InvitationState
from backend.models.shop import Role


def _of_shop(name: str) -> fields.ForeignKeyRelation:
    return fields.ForeignKeyField(
        "models.Shop",
        source_field=f"{name}_id",
        db_constraint=True,
        to_field="id",
        related_name={"main": "invitations", "shop": "api_tokens"}[name],
        on_delete=OnDelete.CASCADE,
    )


class Migration(migrations.Migration):
    """Invitations, delegation, pauses, plans, API tokens; and which call carried a change out."""

    dependencies = [("models", "0005_estimates")]

    operations = [
        ops.AddField(
            model_name="Connection",
            name="paused_by",
            field=fields.CharEnumField(Role, max_length=16, null=True),
        ),
        ops.AddField(
            model_name="Connection",
            name="delegated",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(model_name="Change", name="call_id", field=fields.UUIDField(null=True)),
        ops.CreateModel(
            name="Call",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                (
                    "job",
                    fields.ForeignKeyField(
                        "models.Job",
                        source_field="job_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="written",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("operation", fields.CharField(max_length=64)),
                ("request_id", fields.CharField(max_length=128, default="")),
                ("points", fields.IntField(default=0)),
                ("sent_at", fields.DatetimeField()),
                ("answered_at", fields.DatetimeField()),
            ],
            options={
                "table": "call",
                "app": "models",
                "indexes": [Index(fields=["job_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Invitation",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("main", _of_shop("main")),
                ("domain", fields.CharField(max_length=255)),
                (
                    "state",
                    fields.CharEnumField(InvitationState, max_length=16, default=InvitationState.PENDING),
                ),
                ("sent_at", fields.DatetimeField()),
                ("sent_count", fields.IntField(default=1)),
                ("answered_at", fields.DatetimeField(null=True)),
                ("created_at", fields.DatetimeField(auto_now_add=True)),
                ("created_by", fields.CharField(max_length=64, default="")),
            ],
            options={
                "table": "invitation",
                "app": "models",
                "unique_together": (("main_id", "domain"),),
                "indexes": [Index(fields=["domain", "state"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ShopPlan",
            fields=[
                (
                    "shop",
                    fields.OneToOneField(
                        "models.Shop",
                        source_field="shop_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="plan",
                        primary_key=True,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("plan", fields.CharField(max_length=64)),
                ("subscription_gid", fields.CharField(max_length=128, null=True)),
                ("status", fields.CharField(max_length=16, default="ACTIVE")),
                ("pending_plan", fields.CharField(max_length=64, null=True)),
                ("pending_gid", fields.CharField(max_length=128, null=True)),
                ("pending_since", fields.DatetimeField(null=True)),
                ("changed_at", fields.DatetimeField()),
            ],
            options={"table": "shop_plan", "app": "models", "pk_attr": "shop_id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WaitingProduct",
            fields=[
                (
                    "id",
                    fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "connection",
                    fields.ForeignKeyField(
                        "models.Connection",
                        source_field="connection_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="waiting_products",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("main_gid", fields.CharField(max_length=128)),
                ("by_main", fields.BooleanField(default=False)),
                ("by_dependent", fields.BooleanField(default=False)),
                ("since", fields.DatetimeField()),
                ("seen_at", fields.DatetimeField()),
            ],
            options={
                "table": "waiting_product",
                "app": "models",
                "unique_together": (("connection_id", "main_gid"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ApiToken",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("shop", _of_shop("shop")),
                ("name", fields.CharField(max_length=100)),
                ("digest", fields.BinaryField()),
                ("hint", fields.CharField(max_length=8)),
                ("scope", fields.CharEnumField(TokenScope, max_length=16)),
                ("created_at", fields.DatetimeField(auto_now_add=True)),
                ("created_by", fields.CharField(max_length=64, default="")),
                ("last_used_at", fields.DatetimeField(null=True)),
                ("revoked_at", fields.DatetimeField(null=True)),
            ],
            options={
                "table": "api_token",
                "app": "models",
                "unique_together": (("digest",),),
                "indexes": [Index(fields=["shop_id", "created_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
