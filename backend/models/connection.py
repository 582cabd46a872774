from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.models.shop import Role, Shop


class ConnectionState(StrEnum):
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    SUSPENDED = "SUSPENDED"
    DISCONNECTED = "DISCONNECTED"


class Connection(Model):
    """The tie of one dependent to one main. A dependent has one that is not DISCONNECTED at most (unique
    index `connection_alive`, see the migration). `settings_version` is None until the dependent has chosen
    its settings. `read_at`: since then the mirror has known both shops whole; None while it may lack
    products, so that nothing may be matched or created yet. `paused_by` is the side that paused it;
    `delegated`: the main has the dependent's rights."""

    id = fields.UUIDField(primary_key=True)
    main_id: UUID
    main: fields.ForeignKeyRelation[Shop] = fields.ForeignKeyField(
        "models.Shop", related_name="dependents", on_delete=fields.CASCADE
    )
    dependent_id: UUID
    dependent: fields.ForeignKeyRelation[Shop] = fields.ForeignKeyField(
        "models.Shop", related_name="mains", on_delete=fields.CASCADE
    )
    state = fields.CharEnumField(ConnectionState, max_length=16, default=ConnectionState.ACTIVE)
    settings_version: int | None = fields.IntField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    disconnected_at = fields.DatetimeField(null=True)
    in_step_at = fields.DatetimeField(null=True)
    read_at = fields.DatetimeField(null=True)
    paused_by: fields.Field[Role | None] = cast(
        "fields.Field[Role | None]", fields.CharEnumField(Role, max_length=16, null=True)
    )
    delegated = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "connection"
        indexes = [Index(fields=["main_id", "state"]), Index(fields=["dependent_id", "state"])]


class SyncSettingsVersion(Model):
    """Every saved version of a connection's sync settings; `values` as `backend.sync.settings_json` writes
    it."""

    id = fields.BigIntField(primary_key=True, generated=True)
    connection_id: UUID
    connection: fields.ForeignKeyRelation[Connection] = fields.ForeignKeyField(
        "models.Connection", related_name="settings", on_delete=fields.CASCADE
    )
    version = fields.IntField()
    values: dict[str, Any] = fields.JSONField()
    created_at = fields.DatetimeField(auto_now_add=True)
    created_by = fields.CharField(max_length=64, default="")

    class Meta:
        table = "sync_settings_version"
        unique_together = (("connection_id", "version"),)


class LocationMapping(Model):
    """A main location feeds one dependent location at most; several may feed the same one."""

    id = fields.UUIDField(primary_key=True)
    connection_id: UUID
    connection: fields.ForeignKeyRelation[Connection] = fields.ForeignKeyField(
        "models.Connection", related_name="mappings", on_delete=fields.CASCADE
    )
    main_gid = fields.CharField(max_length=128)
    dependent_gid = fields.CharField(max_length=128)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "location_mapping"
        unique_together = (("connection_id", "main_gid"),)
