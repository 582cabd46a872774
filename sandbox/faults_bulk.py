"""What a fault plan does to a bulk operation: how slow it is, and how it ends too early."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.bulk_lines import Batch, FailedBatchError
from sandbox.faults import FaultPlan, Kind, Occasion
from sandbox.root_fields import root_fields
from sandbox.store.operation import BulkOperation


@dataclass(frozen=True, slots=True)
class BulkFate:
    """`factor` is by how much it slows down. `ending` is how it ends if not well, after so many `lines` of
    its result.
    """

    factor: float = 1.0
    ending: Kind | None = None
    lines: int = 0
    error_code: str = ""

    @property
    def expired(self) -> bool:
        """Whether its result can no longer be had as soon as it has ended."""
        return self.ending is Kind.BULK_EXPIRED

    def befalls(self, operation: BulkOperation, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The batches as they come out under this fate."""
        match self.ending:
            case Kind.BULK_FAILED:
                yield from _broken_off(batches, self.lines)
                raise FailedBatchError(self.error_code)
            case Kind.BULK_CANCELED:
                yield from _broken_off(batches, self.lines)
                operation.status = "CANCELING"
            case _:
                yield from batches


def fate_of(plan: FaultPlan | None, shop: str, operation: BulkOperation) -> BulkFate:
    """What rules match are query or mutation, and the root fields of what is run in bulk."""
    if plan is None:
        return BulkFate()
    _, fields = root_fields(operation.query, None)
    factor, ending, lines, code = 1.0, None, 0, ""
    for strike in plan.draw(Occasion.BULK, shop, (operation.type.lower(), *fields)):
        rule = strike.rule
        if rule.kind is Kind.BULK_SLOW:
            factor *= rule.factor
            continue
        ending, code = rule.kind, rule.error_code
        lines = strike.random.randint(1, 100) if rule.lines is None else rule.lines
    return BulkFate(factor, ending, lines, code)


def _broken_off(batches: Iterator[Batch], lines: int) -> Iterator[Batch]:
    """The first lines only, and never all of them. The batch in which it breaks, and the one behind it, are
    done nevertheless: of a mutation more has taken effect than the result says.
    """
    held = next(batches, None)
    while held is not None:
        following = next(batches, None)
        room = lines if following is not None else min(lines, len(held.lines) - 1)
        if room < len(held.lines):
            yield Batch(held.lines[:room], min(held.roots, room))
            return
        yield held
        lines -= len(held.lines)
        held = following
