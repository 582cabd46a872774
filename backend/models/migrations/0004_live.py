from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from backend.models.job import JobKind, Trigger
from backend.models.live import DifferenceReason, Stream, SubjectKind


class Migration(migrations.Migration):
    dependencies = [("models", "0003_longer_keys")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Difference",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "connection",
                    fields.ForeignKeyField(
                        "models.Connection",
                        source_field="connection_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="differences",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("main_gid", fields.CharField(max_length=128)),
                ("product_gid", fields.CharField(max_length=128)),
                ("subject", fields.CharField(max_length=128)),
                ("field", fields.CharField(max_length=32)),
                ("key", fields.CharField(default="", max_length=400)),
                ("title", fields.TextField(default="", unique=False)),
                ("sku", fields.CharField(default="", max_length=255)),
                ("main_value", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("dependent_value", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                (
                    "reason",
                    fields.CharEnumField(
                        description="DRIFT: DRIFT\nHELD: HELD\nLOCAL_EDIT: LOCAL_EDIT\nLOCAL_STOCK: LOCAL_STOCK\nBRAKE: BRAKE\nREFUSED: REFUSED",
                        enum_type=DifferenceReason,
                        max_length=16,
                    ),
                ),
                ("code", fields.CharField(null=True, max_length=64)),
                ("found_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "difference",
                "app": "models",
                "unique_together": (("connection_id", "subject", "field", "key"),),
                "indexes": [Index(fields=["connection_id", "main_gid"])],
                "pk_attr": "id",
                "table_description": "A value in which a dependent was found to differ from what it should say, when its link was last",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DirtyProduct",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "connection",
                    fields.ForeignKeyField(
                        "models.Connection",
                        source_field="connection_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="dirty",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "stream",
                    fields.CharEnumField(
                        description="STOCK: STOCK\nPRODUCT: PRODUCT", enum_type=Stream, max_length=16
                    ),
                ),
                ("main_gid", fields.CharField(max_length=128)),
                ("seq", fields.BigIntField(default=1)),
                ("happened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("latest_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("from_main", fields.BooleanField(default=True)),
                ("attempts", fields.IntField(default=0)),
                ("set_aside_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reason", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "dirty_product",
                "app": "models",
                "unique_together": (("connection_id", "stream", "main_gid"),),
                "indexes": [Index(fields=["connection_id", "due_at"])],
                "pk_attr": "id",
                "table_description": "A main product that one connection has to plan anew, from the mirror. Columns as in PendingSubject.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LocalEdit",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "connection",
                    fields.ForeignKeyField(
                        "models.Connection",
                        source_field="connection_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="local_edits",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("main_gid", fields.CharField(max_length=128)),
                ("product_gid", fields.CharField(max_length=128)),
                ("subject", fields.CharField(max_length=128)),
                ("field", fields.CharField(max_length=32)),
                ("key", fields.CharField(default="", max_length=400)),
                ("title", fields.TextField(default="", unique=False)),
                ("sku", fields.CharField(default="", max_length=255)),
                ("main_value", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("dependent_value", fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ("kept", fields.BooleanField()),
                ("found_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "local_edit",
                "app": "models",
                "unique_together": (("connection_id", "subject", "field", "key"),),
                "indexes": [Index(fields=["connection_id", "kept", "found_at"])],
                "pk_attr": "id",
                "table_description": "A value of a dependent that somebody changed there, as the sync last found it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PendingSubject",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "shop",
                    fields.ForeignKeyField(
                        "models.Shop",
                        source_field="shop_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="pending",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="GONE_APP: GONE_APP\nSTOCK: STOCK\nFACTS: FACTS\nPRODUCT: PRODUCT\nOPERATION: OPERATION\nCHANGED: CHANGED\nREDACT: REDACT",
                        enum_type=SubjectKind,
                        max_length=16,
                    ),
                ),
                ("gid", fields.CharField(default="", max_length=128)),
                ("seq", fields.BigIntField(default=1)),
                ("happened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("latest_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("attempts", fields.IntField(default=0)),
                ("set_aside_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reason", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "pending_subject",
                "app": "models",
                "unique_together": (("shop_id", "kind", "gid"),),
                "indexes": [Index(fields=["shop_id", "due_at"])],
                "pk_attr": "id",
                "table_description": "Something of a shop that is to be read again. Any number of events about it are one row: `seq` counts",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Webhook",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=128)),
                ("event_id", fields.CharField(default="", max_length=128)),
                ("shop_domain", fields.CharField(max_length=255)),
                ("topic", fields.CharField(max_length=64)),
                ("triggered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "webhook",
                "app": "models",
                "indexes": [Index(fields=["received_at"]), Index(fields=["shop_domain", "received_at"])],
                "pk_attr": "id",
                "table_description": "A delivery that was taken in, by Shopify's id of it; without its body. A second delivery of the same id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Change",
            name="happened_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Change",
            name="local_edit",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Change",
            name="location_gid",
            field=fields.CharField(default="", db_default="", max_length=128),
        ),
        ops.AddIndex(
            model_name="Change",
            index=Index(fields=["connection_id", "lane", "applied_at"]),
        ),
        ops.AddIndex(
            model_name="Change",
            index=Index(fields=["connection_id", "main_product_gid", "state"]),
        ),
        ops.AlterField(
            model_name="Job",
            name="kind",
            field=fields.CharEnumField(
                description="SYNC_ALL: SYNC_ALL\nPREVIEW: PREVIEW\nCONFIRM: CONFIRM\nUNDO: UNDO\nRESOLVE: RESOLVE\nRETRY: RETRY\nLIVE: LIVE\nCHECK: CHECK\nREPAIR: REPAIR",
                enum_type=JobKind,
                max_length=16,
            ),
        ),
        ops.AlterField(
            model_name="Job",
            name="trigger",
            field=fields.CharEnumField(
                description="MANUAL: MANUAL\nSETTINGS: SETTINGS\nCONNECTED: CONNECTED\nSCHEDULE: SCHEDULE\nAPI: API\nCHANGE: CHANGE",
                enum_type=Trigger,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="ProductLink",
            name="checked_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="ProductLink",
            name="values_checked",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddIndex(
            model_name="ProductLink",
            index=Index(fields=["connection_id", "checked_at"]),
        ),
        ops.AddField(
            model_name="Shop",
            name="changes_read_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterModelOptions(
            name="ShopToken",
            options={
                "table": "shop_token",
                "app": "models",
                "pk_attr": "shop_id",
                "table_description": "The expiring offline token pair of a shop, encrypted. `version` counts pairs; a refresher owns the",
            },
        ),
    ]
