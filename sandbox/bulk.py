"""Bulk operations: starting, running and cancelling them.

They run as tasks on the sandbox's clock, at a pace that can be set, and write their results to a file as
they go. Five of each type may run at once for an app in a shop. Lines of a query stand parents first,
batch by batch, so that children need not follow their parents; lines of a mutation are done in another
order than they stand in the file.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox import bulk_results, uploads
from sandbox.bulk_lines import Batch, FailedBatchError, Mutate, mutation_batches, query_batches
from sandbox.bulk_rules import check_mutation, plan_query
from sandbox.commands.errors import UserError
from sandbox.context import Call
from sandbox.faults_bulk import BulkFate, fate_of
from sandbox.ids import gid
from sandbox.schema import admin_schema
from sandbox.store.operation import BulkOperation
from sandbox.store.sandbox import Sandbox

MAX_AT_ONCE = 5
_ALIVE = ("CREATED", "RUNNING", "CANCELING")


@dataclass(frozen=True, slots=True)
class Started:
    """The payload of a mutation about bulk operations."""

    operation: BulkOperation | None
    errors: tuple[UserError, ...] = ()


def run_query(ctx: Call, text: str, *, group_objects: bool = False) -> Started:
    """bulkOperationRunQuery. Needs a running event loop, in which it goes on."""
    plan = plan_query(admin_schema(ctx.version).graphql, text)
    if isinstance(plan, list):
        return Started(None, tuple(plan))
    if (busy := _busy(ctx, "QUERY")) is not None:
        return Started(None, (busy,))
    operation = _new(ctx, "QUERY", text)
    operation.group_objects = group_objects
    _start(ctx, operation, query_batches(ctx, plan, group_objects=group_objects))
    return Started(operation)


def run_mutation(
    ctx: Call,
    text: str,
    staged_upload_path: str,
    client_identifier: str | None,
    mutate: Mutate,
    *,
    group_objects: bool = False,
) -> Started:
    """bulkOperationRunMutation; mutate runs one line. Needs a running event loop, in which the operation
    goes on.
    """
    errors = check_mutation(admin_schema(ctx.version).graphql, text, client_identifier)
    if errors:
        return Started(None, tuple(errors))
    upload = uploads.find(ctx.shop, staged_upload_path)
    if upload is None or upload.content is None or upload.resource != "BULK_MUTATION_VARIABLES":
        message = (
            "The JSONL file could not be found. Try uploading the file again, and check that you've entered"
            " the URL correctly for the stagedUploadPath mutation argument."
        )
        return Started(None, (UserError(None, message, "NO_SUCH_FILE"),))
    if len(upload.content) > uploads.MAX_BYTES:
        message = "The input file size exceeds the maximum allowed size of 100 MB."
        return Started(None, (UserError(None, message, "INVALID_STAGED_UPLOAD_FILE"),))
    if not upload.content.strip():
        return Started(None, (UserError(None, "The input file is empty.", "INVALID_STAGED_UPLOAD_FILE"),))
    if (busy := _busy(ctx, "MUTATION")) is not None:
        return Started(None, (busy,))
    operation = _new(ctx, "MUTATION", text)
    operation.client_identifier = client_identifier
    operation.group_objects = group_objects
    _start(ctx, operation, mutation_batches(ctx, text, upload.content, mutate))
    return Started(operation)


def cancel(ctx: Call, number: int | None) -> Started:
    """bulkOperationCancel; the operation is CANCELING until it has noticed."""
    operation = find(ctx, number)
    if operation is None:
        return Started(None, (UserError(("id",), "Bulk operation does not exist"),))
    if operation.status not in _ALIVE:
        message = f"A bulk operation cannot be canceled when it is {operation.status.lower()}"
        return Started(operation, (UserError(None, message),))
    operation.status = "CANCELING"
    return Started(operation)


def find(ctx: Call, number: int | None) -> BulkOperation | None:
    """An operation of the calling app in this shop."""
    operation = ctx.shop.bulk_operations.get(number) if number is not None else None
    if operation is None or operation.client_id != ctx.installation.app.client_id:
        return None
    return operation


async def stop(sandbox: Sandbox) -> None:
    """End every operation that still runs, as a server does that shuts down."""
    tasks = list(sandbox.tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _busy(ctx: Call, type_: str) -> UserError | None:
    running = [
        gid("BulkOperation", operation.id)
        for operation in ctx.shop.bulk_operations.values()
        if operation.type == type_
        and operation.status in _ALIVE
        and operation.client_id == ctx.installation.app.client_id
    ]
    if len(running) < MAX_AT_ONCE:
        return None
    kind, names = type_.lower(), ", ".join(running)
    message = f"A bulk {kind} operation for this app and shop is already in progress: {names}."
    return UserError(None, message, "OPERATION_IN_PROGRESS")


def _new(ctx: Call, type_: str, text: str) -> BulkOperation:
    now = ctx.now
    operation = BulkOperation(
        ctx.shop.ids.next(),
        type_,
        text,
        created_at=now,
        updated_at=now,
        client_id=ctx.installation.app.client_id,
    )
    ctx.shop.bulk_operations[operation.id] = operation
    return operation


def _start(ctx: Call, operation: BulkOperation, batches: Iterator[Batch]) -> None:
    fate = fate_of(ctx.sandbox.faults, ctx.shop.domain, operation)
    due = ctx.sandbox.clock.monotonic() + ctx.sandbox.bulk.start_delay_seconds * fate.factor
    work = _drive(ctx, operation, fate.befalls(operation, batches), due, fate)
    task = asyncio.get_running_loop().create_task(work)
    ctx.sandbox.tasks.add(task)
    task.add_done_callback(ctx.sandbox.tasks.discard)


async def _drive(
    ctx: Call, operation: BulkOperation, batches: Iterator[Batch], due: float, fate: BulkFate
) -> None:
    """due is when the work begins, and then, batch by batch, when what was written is due at this pace."""
    clock, pace = ctx.sandbox.clock, ctx.sandbox.bulk
    await clock.sleep(due - clock.monotonic())
    path = bulk_results.path_for(ctx.sandbox, operation)
    error: str | None = None
    if operation.status == "CREATED":
        operation.status = "RUNNING"
    with path.open("wb") as file:
        try:
            while operation.status == "RUNNING":
                if ctx.shop.installations.get(operation.client_id) is not ctx.installation:
                    raise FailedBatchError("ACCESS_DENIED")
                batch = next(batches, None)
                if batch is None:
                    break
                file.writelines(batch.lines)
                operation.object_count += len(batch.lines)
                operation.root_object_count += batch.roots
                operation.updated_at = ctx.now
                rate = pace.objects_per_second if operation.type == "QUERY" else pace.lines_per_second
                due += len(batch.lines) / rate * fate.factor
                await clock.sleep(due - clock.monotonic())
        except FailedBatchError as failure:
            error = failure.code
    operation.result = path
    _finish(ctx, operation, error, expired=fate.expired)


def _finish(ctx: Call, operation: BulkOperation, error: str | None, *, expired: bool) -> None:
    now = ctx.now
    size = 0 if operation.result is None else operation.result.stat().st_size
    address = bulk_results.address(ctx.sandbox, ctx.shop, operation, now) if size else None
    operation.completed_at = operation.updated_at = now
    if error is not None:
        operation.status, operation.error_code, operation.partial_data_url = "FAILED", error, address
    elif operation.status == "CANCELING":
        operation.status, operation.partial_data_url = "CANCELED", address
    elif expired:
        operation.status = "EXPIRED"
    else:
        operation.status, operation.url = "COMPLETED", address
        operation.file_size = size or None
    with ctx.shop.change() as change:
        change.event(
            "bulk_operations/finish", gid("BulkOperation", operation.id), client_id=operation.client_id
        )
