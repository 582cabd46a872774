"""Answers a bound operation: walks the objects, keeps null rules and error paths as the GraphQL
specification says.
"""

from dataclasses import dataclass, field
from typing import Any

from graphql import SelectionSetNode

from sandbox.failures import FieldError, NotSimulatedError
from sandbox.plan import Binder, FieldPlan, Selection

Path = tuple[Any, Any] | None
"""Linked from the end: (path of the parent, key)."""


class _NullError(Exception):
    """A field that must not be null is: its parent becomes null."""


@dataclass(slots=True)
class Run:
    """One execution. ctx is handed to every resolver; type_of names the type of an object behind an
    interface.
    """

    ctx: Any
    type_of: Any
    errors: list[dict[str, Any]] = field(default_factory=list)

    def operation(self, binder: Binder, root: str, selection_set: SelectionSetNode) -> dict[str, Any] | None:
        """The answer's data. Mutations run one after another, in the order of the document."""
        return self.answer(Selection(binder, [selection_set]), root, None)

    def answer(self, selection: Selection, type_name: str, source: Any) -> dict[str, Any] | None:
        """What is selected of one object; None if a field that must not be null is."""
        try:
            return self._object(selection.fields(type_name), source, None)
        except _NullError:
            return None

    def _object(self, plans: list[FieldPlan], source: Any, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        ctx = self.ctx
        for plan in plans:
            try:
                if plan.refused is not None:
                    raise plan.refused
                value = plan.resolve(source, plan.args, ctx)
                if value is None:
                    if not plan.nullable:
                        raise FieldError(f"Cannot return null for non-nullable field {plan.name}")
                    out[plan.key] = None
                elif plan.selection is None and not plan.lists:
                    out[plan.key] = value if plan.serialise is None else plan.serialise(value)
                else:
                    out[plan.key] = self._complete(plan, value, (path, plan.key), 0)
            except FieldError as error:
                self._fail(plan, error, (path, plan.key))
                if not plan.nullable:
                    raise _NullError from None
                out[plan.key] = None
            except _NullError:
                if not plan.nullable:
                    raise
                out[plan.key] = None
        return out

    def _complete(self, plan: FieldPlan, value: Any, path: Path, depth: int) -> Any:
        if depth < len(plan.lists):
            return self._list(plan, value, path, depth)
        if plan.selection is None:
            return value if plan.serialise is None else plan.serialise(value)
        name = plan.concrete or self.type_of(value)
        return self._object(plan.selection.fields(name), value, path)

    def _list(self, plan: FieldPlan, values: Any, path: Path, depth: int) -> list[Any]:
        nullable = plan.lists[depth]
        out: list[Any] = []
        for index, value in enumerate(values):
            if value is None:
                if not nullable:
                    self._fail(plan, FieldError(f"Cannot return null in the list {plan.name}"), (path, index))
                    raise _NullError
                out.append(None)
                continue
            try:
                out.append(self._complete(plan, value, (path, index), depth + 1))
            except _NullError:
                if not nullable:
                    raise
                out.append(None)
        return out

    def _fail(self, plan: FieldPlan, error: FieldError, path: Path) -> None:
        if isinstance(error, NotSimulatedError) and any(
            known["message"] == error.message for known in self.errors
        ):
            return
        location = plan.node.loc.start_token if plan.node.loc else None
        entry: dict[str, Any] = {"message": error.message}
        if location is not None:
            entry["locations"] = [{"line": location.line, "column": location.column}]
        entry["path"] = _flat(path)
        if error.extensions:
            entry["extensions"] = error.extensions
        self.errors.append(entry)


def _flat(path: Path) -> list[Any]:
    keys: list[Any] = []
    while path is not None:
        path, key = path
        keys.append(key)
    return keys[::-1]
