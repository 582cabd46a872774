"""The work of bulk operations, in batches: objects of a query and answers of a mutation as lines of JSON."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import orjson
from graphql import FieldNode, GraphQLObjectType, SelectionSetNode

from sandbox.bulk_rules import ConnectionPlan, QueryPlan
from sandbox.context import Call
from sandbox.failures import FieldError
from sandbox.plan import Binder, FieldPlan, Selection
from sandbox.resolvers.registry import Resolvers, type_of
from sandbox.run import Run
from sandbox.schema import admin_schema

ROOTS_AT_ONCE = 100
LINES_AT_ONCE = 10
SHUFFLED_LINES = 200

Mutate = Callable[[Call, str, dict[str, Any]], dict[str, Any]]
"""Runs one line of a bulk mutation: context, document, variables; answers `data` and `errors`."""

_log = logging.getLogger(__name__)


class FailedBatchError(Exception):
    """The operation cannot go on; code is a BulkOperationErrorCode."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines with their line ends; roots counts those of objects without a parent."""

    lines: list[bytes]
    roots: int


def query_batches(ctx: Call, plan: QueryPlan, *, group_objects: bool) -> Iterator[Batch]:
    """Every object of a planned query, a hundred root objects at a time. Raises FailedBatchError."""
    reader = _Reader(replace(ctx, unpaged=True))
    for root in plan.roots:
        rows = iter(list(reader.rows(root, None)))
        while chunk := list(islice(rows, ROOTS_AT_ONCE)):
            found = reader.grouped(root, chunk, None) if group_objects else reader.by_level(root, chunk)
            yield Batch(list(found), len(chunk))


def mutation_batches(ctx: Call, text: str, content: bytes, mutate: Mutate) -> Iterator[Batch]:
    """The answers to the lines of a file, done in a shuffled order."""
    call = replace(ctx, bulk=True)
    numbered = enumerate(line for line in content.splitlines() if line.strip())
    while window := list(islice(numbered, SHUFFLED_LINES)):
        ctx.sandbox.random.shuffle(window)
        for start in range(0, len(window), LINES_AT_ONCE):
            chunk = window[start : start + LINES_AT_ONCE]
            yield Batch([_mutated(call, text, number, line, mutate) for number, line in chunk], len(chunk))


def _mutated(call: Call, text: str, number: int, line: bytes, mutate: Mutate) -> bytes:
    try:
        variables = json.loads(line)
    except ValueError as error:
        answer: dict[str, Any] = {"errors": [{"message": f"The line is no JSON: {error}"}]}
    else:
        if isinstance(variables, dict):
            answer = mutate(call, text, variables)
        else:
            answer = {"errors": [{"message": "The line is no JSON object"}]}
    kept = {name: answer[name] for name in ("data", "errors") if name in answer}
    return orjson.dumps({**kept, "__lineNumber": number}) + b"\n"


@dataclass(slots=True)
class _Reader:
    """Answers what a plan selects of objects. Binding is done once for each connection and type."""

    ctx: Call
    run: Run = field(init=False)
    binder: Binder = field(init=False)
    steps: dict[tuple[int, str], FieldPlan] = field(default_factory=dict)
    selections: dict[int, Selection] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ctx = self.ctx
        self.run = Run(ctx, type_of)
        self.binder = Binder(
            admin_schema(ctx.version),
            Resolvers({}),
            {},
            {},
            lambda requirement: ctx.allows(requirement.scopes),
        )

    def rows(self, plan: ConnectionPlan, source: Any) -> Iterable[Any]:
        """The nodes of a connection of an object (of the query itself, for None)."""
        for holder, node in (*plan.path, (plan.holder, plan.node)):
            if source is not None and self._other(holder, source):
                return ()
            step = self._step(holder, node)
            try:
                if step.refused is not None:
                    raise step.refused
                source = step.resolve(source, step.args, self.ctx)
            except FieldError as error:
                raise self._failure(error.message, error.extensions) from error
            if source is None:
                return ()
        nodes: Iterable[Any] = source.rows
        return nodes

    def grouped(self, plan: ConnectionPlan, rows: Iterable[Any], parent: str | None) -> Iterator[bytes]:
        """Every object with its children right behind it."""
        for row in rows:
            line, own_id = self._line(plan, row, parent)
            yield line
            for child in plan.children:
                yield from self.grouped(child, self.rows(child, row), own_id)

    def by_level(self, plan: ConnectionPlan, rows: Iterable[Any]) -> Iterator[bytes]:
        """All objects first, then the children of them all."""
        level: list[tuple[ConnectionPlan, Any, str | None]] = [(plan, row, None) for row in rows]
        while level:
            below: list[tuple[ConnectionPlan, Any, str | None]] = []
            for each, row, parent in level:
                line, own_id = self._line(each, row, parent)
                yield line
                below.extend(
                    (child, inner, own_id) for child in each.children for inner in self.rows(child, row)
                )
            level = below

    def _line(self, plan: ConnectionPlan, row: Any, parent: str | None) -> tuple[bytes, str | None]:
        selection = self.selections.get(id(plan))
        if selection is None:
            selection = self.selections[id(plan)] = Selection(self.binder, [plan.selection])
        answer = self.run.answer(selection, type_of(row), row)
        if self.run.errors or answer is None:
            error: dict[str, Any] = next(iter(self.run.errors), {"message": "a field was null"})
            raise self._failure(error["message"], error.get("extensions", {}))
        own_id = answer.get("id")
        if parent is not None:
            answer["__parentId"] = parent
        return orjson.dumps(answer) + b"\n", own_id

    def _step(self, holder: str, node: FieldNode) -> FieldPlan:
        step = self.steps.get((id(node), holder))
        if step is None:
            bound = self.binder.bind(holder, [SelectionSetNode(selections=(node,))])
            step = self.steps[id(node), holder] = bound[0]
        return step

    def _other(self, holder: str, source: Any) -> bool:
        """Whether an inline fragment on another type stands around the field. Value objects have one type
        only.
        """
        if isinstance(source, dict) or not isinstance(
            self.binder.schema.graphql.type_map[holder], GraphQLObjectType
        ):
            return False
        return type_of(source) != holder

    def _failure(self, message: str, extensions: dict[str, Any]) -> FailedBatchError:
        _log.warning("a bulk query failed: %s", message)
        denied = extensions.get("code") == "ACCESS_DENIED"
        return FailedBatchError("ACCESS_DENIED" if denied else "INTERNAL_SERVER_ERROR")
