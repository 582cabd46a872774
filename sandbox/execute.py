"""Shopify's answer to one GraphQL request: parse, validate, price, charge, run, refund."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    OperationDefinitionNode,
    OperationType,
    parse,
)
from graphql import execute_sync as introspect

from sandbox import allowance, cost, idempotency
from sandbox.bucket import Bucket
from sandbox.commands import products
from sandbox.context import Call
from sandbox.documents import Document, prepared
from sandbox.failures import RequestError
from sandbox.inputs import coerce_variables
from sandbox.plan import Args, Binder, FieldPlan, Resolver, Selection
from sandbox.resolvers.mutations import mutations
from sandbox.resolvers.registry import Resolvers, type_of
from sandbox.run import Run
from sandbox.schema import AdminSchema, Requirement, admin_schema

MAX_ITEMS = 250
_LONGER = {
    ("productSet", "input", "variants"): 2048,
    ("productVariantsBulkCreate", "variants"): 2048,
    ("productOptionsCreate", "options", "values"): 2048,
    ("productSet", "input", "productOptions", "values"): 2048,
}
"""Input lists that may hold more than 250."""

_INTROSPECTION = {"__schema", "__type"}


@dataclass(slots=True)
class Prepared:
    """A request that was found good: ready to be priced and run."""

    call: Call
    schema: AdminSchema
    document: Document
    operation: OperationDefinitionNode
    variables: dict[str, Any]
    binder: Binder

    @property
    def root(self) -> str:
        return "Mutation" if self.operation.operation is OperationType.MUTATION else "QueryRoot"

    def selection(self) -> Selection:
        return Selection(self.binder, [self.operation.selection_set])

    def run(self) -> Run:
        return Run(self.call, type_of)


def prepare(
    call: Call, document: str, variables: Mapping[str, Any] | None = None, operation_name: str | None = None
) -> Prepared:
    """Parse (once per text), validate and coerce. RequestError with Shopify's errors for what does not
    fit.
    """
    schema = admin_schema(call.version)
    parsed = prepared(call.version, document)
    operation = parsed.operation(operation_name)
    coerced = coerce_variables(schema.graphql, operation, variables or {})
    binder = Binder(schema, REGISTRY, parsed.fragments, coerced, _allowance(call))
    return Prepared(call, schema, parsed, operation, coerced, binder)


def execute(
    call: Call,
    document: str,
    variables: Mapping[str, Any] | None = None,
    operation_name: str | None = None,
    *,
    cost_debug: bool = False,
) -> dict[str, Any]:
    """The body of the answer, as it goes out with status 200.

    Costs are taken from the bucket of the app and shop in call, unless call.bulk.
    """
    try:
        ready = prepare(call, document, variables, operation_name)
        if _is_introspection(ready):
            return _introspected(ready, document)
        costing = cost.cost_of(
            ready.schema.graphql, ready.operation, ready.document.fragments, ready.variables
        )
    except RequestError as error:
        return {"errors": error.errors}
    if call.bulk:
        return _answered(ready)
    bucket = allowance.bucket_of(call.shop, call.installation.app.client_id)
    now = call.shop.clock.monotonic()
    requested = costing.requested
    if requested > cost.MAX_COST:
        return {"errors": [_too_expensive(requested)]}
    if not bucket.take(requested, now):
        return {
            "errors": [
                {
                    "message": "Throttled",
                    "extensions": {
                        "code": "THROTTLED",
                        "documentation": "https://shopify.dev/api/usage/rate-limits",
                    },
                }
            ],
            "extensions": {"cost": _told(requested, None, bucket, now)},
        }
    answer = _answered(ready)
    actual = costing.actual(answer.get("data"))
    bucket.give_back(requested - actual, now)
    told = _told(requested, actual, bucket, now)
    if cost_debug:
        told["fields"] = costing.breakdown()
    answer["extensions"] = {"cost": told}
    return answer


def _told(requested: int, actual: int | None, bucket: Bucket, now: float) -> dict[str, Any]:
    return {
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": {
            "maximumAvailable": float(bucket.tier.maximum),
            "currentlyAvailable": bucket.available(now),
            "restoreRate": float(bucket.tier.restore_rate),
        },
    }


def _too_expensive(requested: int) -> dict[str, Any]:
    return {
        "message": (
            f"Query cost is {requested}, which exceeds the single query max cost limit ({cost.MAX_COST}). "
            "Ask for less at a time, or use a bulk operation."
        ),
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": requested,
            "maxCost": cost.MAX_COST,
            "documentation": "https://shopify.dev/api/usage/rate-limits",
        },
    }


def _answered(ready: Prepared) -> dict[str, Any]:
    products.settle(ready.call.shop)
    run = ready.run()
    try:
        selection = ready.selection()
        plans = selection.fields(ready.root)
        for plan in plans:
            _check_sizes(ready, plan)
    except RequestError as error:
        return {"errors": error.errors}
    if ready.root == "Mutation":
        for plan in plans:
            plan.resolve = _guarded(plan, ready)
    data = run.answer(selection, ready.root, None)
    answer: dict[str, Any] = {"data": data}
    if run.errors:
        answer["errors"] = run.errors
    return answer


def _guarded(plan: FieldPlan, ready: Prepared) -> Resolver:
    """A mutation, run at most once for its idempotency key."""
    inner = plan.resolve
    key = idempotency.key_of(plan.node, ready.variables)

    def resolve(source: Any, args: Args, ctx: Call) -> Any:
        with ctx.shop.written_by(plan.name):
            answer = idempotency.run_once(plan.name, key, args, ctx, lambda: inner(source, args, ctx))
        if ctx.shop.scribe is not None:
            complaints = (answer.get(name) for name in ("userErrors", "mediaUserErrors"))
            ctx.shop.scribe.ran(plan.name, refused=any(complaints))
        return answer

    return resolve


def _check_sizes(ready: Prepared, plan: FieldPlan) -> None:
    definition = ready.schema.graphql.get_field(ready.schema.graphql.type_map[ready.root], plan.name)  # type: ignore[arg-type]
    if definition is None:
        return
    for name, value in plan.args.items():
        _check_size(value, definition.args[name].type, (plan.name, name), plan)


def _check_size(value: Any, type_: Any, path: tuple[str, ...], plan: FieldPlan) -> None:
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if isinstance(value, list) and isinstance(type_, GraphQLList):
        most = _LONGER.get(path, MAX_ITEMS)
        if len(value) > most:
            location = plan.node.loc.start_token if plan.node.loc else None
            message = f"The input array size of {len(value)} is greater than the maximum allowed of {most}."
            raise RequestError(
                {
                    "message": message,
                    "locations": [{"line": location.line, "column": location.column}] if location else [],
                    "path": list(path),
                    "extensions": {"code": "MAX_INPUT_SIZE_EXCEEDED"},
                }
            )
        if not isinstance(_bare(type_.of_type), GraphQLInputObjectType):
            return
        for item in value:
            _check_size(item, type_.of_type, path, plan)
    elif isinstance(value, dict) and isinstance(type_, GraphQLInputObjectType):
        for name, inner in value.items():
            if isinstance(inner, list | dict):
                _check_size(inner, type_.fields[name].type, (*path, name), plan)


def _bare(type_: Any) -> Any:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def _allowance(call: Call) -> Callable[[Requirement], bool]:
    return lambda requirement: call.allows(requirement.scopes)


def _is_introspection(ready: Prepared) -> bool:
    names = {
        getattr(getattr(part, "name", None), "value", "") for part in ready.operation.selection_set.selections
    }
    return bool(names & _INTROSPECTION)


def _introspected(ready: Prepared, document: str) -> dict[str, Any]:
    result = introspect(ready.schema.graphql, parse(document), variable_values=dict(ready.variables))
    return {"data": result.data} if not result.errors else {"errors": [e.formatted for e in result.errors]}


def run_line(call: Call, document: str, variables: dict[str, Any]) -> dict[str, Any]:
    """One line of a bulk mutation: nobody is charged."""
    return execute(replace(call, bulk=True), document, variables)


REGISTRY = Resolvers(mutations(run_line))
