"""Bulk operations and staged uploads."""

from typing import Any

from sandbox import bulk, uploads
from sandbox.bulk import Started
from sandbox.bulk_lines import Mutate
from sandbox.context import Call
from sandbox.plan import Args
from sandbox.resolvers import specs_from
from sandbox.resolvers.fields import Fields
from sandbox.resolvers.payload import Payload, demand_gid, told


def _payload(started: Started) -> Payload:
    return {"bulkOperation": started.operation, "userErrors": told(started.errors)}


def run_query(source: Any, args: Args, ctx: Call) -> Payload:
    return _payload(bulk.run_query(ctx, args["query"], group_objects=args.get("groupObjects", False)))


def cancel(source: Any, args: Args, ctx: Call) -> Payload:
    demand_gid(args["id"])
    return _payload(bulk.cancel(ctx, specs_from.number(args["id"], "BulkOperation")))


def staged_uploads_create(source: Any, args: Args, ctx: Call) -> Payload:
    return uploads.create_targets(ctx.sandbox, ctx.shop, args["input"])


def fields(run_line: Mutate) -> Fields:
    """run_line executes one line of a bulk mutation."""

    def run_mutation(source: Any, args: Args, ctx: Call) -> Payload:
        return _payload(
            bulk.run_mutation(
                ctx,
                args["mutation"],
                args["stagedUploadPath"],
                args.get("clientIdentifier"),
                run_line,
                group_objects=args.get("groupObjects", False),
            )
        )

    return {
        "bulkOperationRunQuery": run_query,
        "bulkOperationRunMutation": run_mutation,
        "bulkOperationCancel": cancel,
        "stagedUploadsCreate": staged_uploads_create,
    }
