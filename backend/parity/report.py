"""What of one linked product is equal, what differs, and why: the engine's comparison, in terms of rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from backend.models.live import DifferenceReason, Stream
from backend.sync import diff
from backend.sync.catalog import Product, ProductId
from backend.sync.changeset import Change
from backend.sync.fields import Lane
from backend.sync.fingerprint import Json
from backend.sync.link import ProductLink, Ref
from backend.sync.rules import Rules


@dataclass(frozen=True, slots=True)
class Found:
    """One value that differs: `main` is what the dependent should say by the settings, `dependent` what it
    says."""

    ref: Ref
    main: Json
    dependent: Json
    reason: DifferenceReason
    title: str = ""
    sku: str = ""
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`values` is how many values were compared, equal or not. `stream` is where the drift is repaired, None
    where there is none."""

    main: ProductId
    product: ProductId
    values: int
    found: tuple[Found, ...] = ()
    stream: Stream | None = None

    def joined(self, other: "Report") -> "Report":
        """Both reports on one product."""
        streams = {self.stream, other.stream} - {None}
        return replace(
            self,
            values=self.values + other.values,
            found=(*self.found, *other.found),
            stream=Stream.PRODUCT if len(streams) > 1 else next(iter(streams), None),
        )


def report(
    main: Product,
    dependent: Product,
    link: ProductLink,
    rules: Rules,
    holds: Mapping[Ref, diff.Hold] = diff.NO_HOLDS,
    waiting: Collection[Ref] = (),
) -> Report:
    """`waiting` are the values whose change waits for a person."""
    planned = diff.plan_product(main, dependent, link, rules, holds, report=True)
    found = tuple(
        Found(
            each.ref,
            each.main,
            each.dependent,
            _reason(DifferenceReason(each.reason), each.ref, waiting),
            each.title,
            each.sku,
            each.code.value if each.code else None,
        )
        for each in planned.different
    )
    stream = stream_of(found, planned.changes)
    return Report(link.main, link.dependent, planned.compared, found, stream)


def drift(
    main: ProductId, product: ProductId, changes: Collection[Change], waiting: Collection[Ref] = ()
) -> Report:
    """The report on a product of which only the changes are known."""
    found = tuple(
        Found(
            each.ref,
            each.after,
            each.before,
            _reason(DifferenceReason.DRIFT, each.ref, waiting),
            each.title,
            each.sku,
        )
        for each in changes
    )
    return Report(main, product, len(found), found, stream_of(found, changes))


def stream_of(found: Collection[Found], changes: Collection[Change]) -> Stream | None:
    """Stock alone goes its own way, so that it waits for nothing else."""
    drifted = {each.ref for each in found if each.reason is DifferenceReason.DRIFT}
    lanes = {each.lane for each in changes if each.ref in drifted}
    if not lanes:
        return None
    return Stream.STOCK if lanes == {Lane.STOCK} else Stream.PRODUCT


def _reason(reason: DifferenceReason, ref: Ref, waiting: Collection[Ref]) -> DifferenceReason:
    return DifferenceReason.BRAKE if reason is DifferenceReason.DRIFT and ref in waiting else reason
