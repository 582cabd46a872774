from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from backend.models.connection import Connection
from backend.models.mirror import Refresh


class JobKind(StrEnum):
    SYNC_ALL = "SYNC_ALL"
    PREVIEW = "PREVIEW"
    CONFIRM = "CONFIRM"
    UNDO = "UNDO"
    RESOLVE = "RESOLVE"
    RETRY = "RETRY"
    LIVE = "LIVE"
    CHECK = "CHECK"
    REPAIR = "REPAIR"


class JobState(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    WAITING = "WAITING"
    CANCELING = "CANCELING"
    SUCCEEDED = "SUCCEEDED"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


class JobPhase(StrEnum):
    REFRESH = "REFRESH"
    PLAN = "PLAN"
    APPLY = "APPLY"
    DONE = "DONE"


class Trigger(StrEnum):
    MANUAL = "MANUAL"
    SETTINGS = "SETTINGS"
    CONNECTED = "CONNECTED"
    RESUMED = "RESUMED"
    SCHEDULE = "SCHEDULE"
    API = "API"
    CHANGE = "CHANGE"


class Job(Model):
    """One run of work on one connection; this row is the truth, and the outbox: a sweep sends again what
    was lost.

    `run_id` joins the jobs that one request made. `dedupe_key` is set while the job is queued, unique, so
    that identical queued jobs are one. `next_run_at` is when the sweep sends the job again, unless a worker
    holds the lease of the job. `attempts` counts slices that began and never said how they ended. `cursor` is
    where the next slice goes on; `counts` holds changes by action and outcome; `done` of `total` is progress
    in units of the phase's work. `points` and `calls` are what Shopify charged for this job alone; the
    estimates are what the phase as a whole is expected to take. `strategy` names the ways that were chosen,
    `bulk_rate` is how many products a second one bulk operation of the job has created.
    """

    id = fields.UUIDField(primary_key=True)
    run_id = fields.UUIDField()
    connection_id: UUID
    connection: fields.ForeignKeyRelation[Connection] = fields.ForeignKeyField(
        "models.Connection", related_name="jobs", on_delete=fields.CASCADE
    )
    kind = fields.CharEnumField(JobKind, max_length=16)
    trigger = fields.CharEnumField(Trigger, max_length=16)
    state = fields.CharEnumField(JobState, max_length=16, default=JobState.QUEUED)
    phase = fields.CharEnumField(JobPhase, max_length=16, default=JobPhase.REFRESH)
    settings_version: int | None = fields.IntField(null=True)
    payload: dict[str, Any] = fields.JSONField(default=dict)
    dedupe_key = fields.CharField(max_length=128, null=True, unique=True)
    created_by = fields.CharField(max_length=64, default="")
    main_refresh_id: UUID | None
    main_refresh: fields.ForeignKeyNullableRelation[Refresh] = fields.ForeignKeyField(
        "models.Refresh", related_name="main_jobs", null=True, on_delete=fields.SET_NULL
    )
    dependent_refresh_id: UUID | None
    dependent_refresh: fields.ForeignKeyNullableRelation[Refresh] = fields.ForeignKeyField(
        "models.Refresh", related_name="dependent_jobs", null=True, on_delete=fields.SET_NULL
    )
    cursor: dict[str, Any] = fields.JSONField(default=dict)
    done = fields.IntField(default=0)
    total: int | None = fields.IntField(null=True)
    counts: dict[str, int] = fields.JSONField(default=dict)
    checksum = fields.CharField(max_length=64, default="")
    strategy = fields.CharField(max_length=32, default="")
    points = fields.IntField(default=0)
    calls = fields.IntField(default=0)
    estimate_points: int | None = fields.IntField(null=True)
    estimate_seconds: int | None = fields.IntField(null=True)
    bulk_rate: float | None = fields.FloatField(null=True)
    attempts = fields.IntField(default=0)
    queue = fields.CharField(max_length=16, default="background")
    error_code = fields.CharField(max_length=64, null=True)
    error_message = fields.TextField(default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    started_at = fields.DatetimeField(null=True)
    phase_started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    eta_at = fields.DatetimeField(null=True)
    next_run_at = fields.DatetimeField(null=True)

    class Meta:
        table = "job"
        indexes = [
            Index(fields=["connection_id", "created_at"]),
            Index(fields=["state", "next_run_at"]),
            Index(fields=["run_id"]),
        ]


class ChangeState(StrEnum):
    """PLANNED waits to be applied (in a preview: would be); HELD waits for a person; SENT has been sent and
    its outcome is not known yet; SKIPPED was not needed any more, or cannot be done (see `code`)."""

    PLANNED = "PLANNED"
    HELD = "HELD"
    SENT = "SENT"
    APPLIED = "APPLIED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    REJECTED = "REJECTED"
    CONFIRMED = "CONFIRMED"
    UNDONE = "UNDONE"
    CANCELED = "CANCELED"


class Change(Model):
    """One change of a job's changeset, in the order of `seq`, and what became of it.

    `before` and `after` are JSON values as `backend.sync.changeset` defines them. `risk` is what the brake
    counts it towards, `held_reason` why it waits. `location_gid` is main's location where the change is a
    sale that is booked there. `happened_at` is when main (or, for such a sale, the dependent) changed,
    `local_edit` tells that it overwrites what somebody changed in the dependent. `undo` tells what it takes
    back: {"of": [change ids], "main_hash"}. `call_id` is the `Call` that carried it out. `code` is ours,
    `shopify_code`, `shopify_field` and `message` are Shopify's own.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    job_id: UUID
    job: fields.ForeignKeyRelation[Job] = fields.ForeignKeyField(
        "models.Job", related_name="changes", on_delete=fields.CASCADE
    )
    connection_id = fields.UUIDField()
    seq = fields.IntField()
    lane = fields.CharField(max_length=16)
    action = fields.CharField(max_length=32)
    field = fields.CharField(max_length=32, default="")
    key = fields.CharField(max_length=400, default="")
    main_product_gid = fields.CharField(max_length=128, default="")
    main_variant_gid = fields.CharField(max_length=128, default="")
    product_gid = fields.CharField(max_length=128, default="")
    variant_gid = fields.CharField(max_length=128, default="")
    inventory_item_gid = fields.CharField(max_length=128, default="")
    title = fields.TextField(default="")
    sku = fields.CharField(max_length=255, default="")
    before: Any = fields.JSONField(null=True)
    after: Any = fields.JSONField(null=True)
    location_gid = fields.CharField(max_length=128, default="", db_default="")
    main_hash = fields.CharField(max_length=32, null=True)
    happened_at = fields.DatetimeField(null=True)
    local_edit = fields.BooleanField(default=False, db_default=False)
    state = fields.CharEnumField(ChangeState, max_length=16, default=ChangeState.PLANNED)
    risk = fields.CharField(max_length=32, null=True)
    held_reason = fields.CharField(max_length=32, null=True)
    code = fields.CharField(max_length=64, null=True)
    shopify_code = fields.CharField(max_length=128, null=True)
    shopify_field = fields.CharField(max_length=255, default="")
    message = fields.TextField(default="")
    attempts = fields.IntField(default=0)
    batch_id = fields.UUIDField(null=True)
    call_id = fields.UUIDField(null=True)
    sent_at = fields.DatetimeField(null=True)
    undo: Any = fields.JSONField(null=True)
    applied_at = fields.DatetimeField(null=True)

    class Meta:
        table = "change"
        unique_together = (("job_id", "seq"),)
        indexes = [
            Index(fields=["job_id", "state", "lane", "seq"]),
            Index(fields=["connection_id", "state"]),
            Index(fields=["connection_id", "risk", "applied_at"]),
            Index(fields=["connection_id", "product_gid", "applied_at"]),
            Index(fields=["connection_id", "lane", "applied_at"]),
            Index(fields=["connection_id", "main_product_gid", "state"]),
            Index(fields=["batch_id"]),
        ]


class StockBatch(Model):
    """A stock write, stored before it is sent: `body` is the ordered input; the idempotency key is UUIDv5
    of `id`, so a retry sends the very same request."""

    id = fields.UUIDField(primary_key=True)
    job_id: UUID
    job: fields.ForeignKeyRelation[Job] = fields.ForeignKeyField(
        "models.Job", related_name="stock_batches", on_delete=fields.CASCADE
    )
    body: dict[str, Any] = fields.JSONField()
    sent_at = fields.DatetimeField(null=True)
    settled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "stock_batch"
        indexes = [Index(fields=["job_id", "settled_at"])]


class Lease(Model):
    """The right to work on a resource (a connection's lane, a shop's refresh) until `expires_at`."""

    resource = fields.CharField(max_length=128, primary_key=True)
    owner = fields.UUIDField()
    expires_at = fields.DatetimeField()

    class Meta:
        table = "lease"
