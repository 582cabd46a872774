"""What of one linked product is equal, what differs, and why: a pure reading of the engine's comparison."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from backend.models.live import DifferenceReason, Stream
from backend.sync.catalog import Product, ProductId
from backend.sync.changeset import Change
from backend.sync.diff import NO_HOLDS, Diff, Hold, diff_product
from backend.sync.fields import Field, Lane
from backend.sync.fingerprint import Json
from backend.sync.link import NO_BASE, ProductLink, Ref
from backend.sync.rules import Rules, desired


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
    holds: Mapping[Ref, Hold] = NO_HOLDS,
    waiting: Collection[Ref] = (),
) -> Report:
    """Compare the products twice: with what was agreed on, which tells what the sync would write, and
    without, which tells everything that is not equal.

    `waiting` are the values whose change waits for a person.
    """
    wanted = desired(main, rules)
    planned = diff_product(wanted, dependent, link, rules, holds)
    bare = diff_product(wanted, dependent, replace(link, base=NO_BASE), rules)
    found = tuple(_found(main, planned, bare, waiting))
    compared = {each.ref for diff in (planned, bare) for each in diff.changes} | bare.agreed.keys()
    compared |= {each.ref for each in found}
    return Report(link.main, link.dependent, len(compared), found, stream_of(found, planned.changes))


def drift(
    main: ProductId, product: ProductId, changes: Collection[Change], waiting: Collection[Ref] = ()
) -> Report:
    """The report on a product of which only the changes are known."""
    found = tuple(_drift(each, waiting) for each in changes)
    return Report(main, product, len({each.ref for each in found}), found, stream_of(found, changes))


def stream_of(found: Collection[Found], changes: Collection[Change]) -> Stream | None:
    """Stock alone goes its own way, so that it waits for nothing else."""
    drifted = {each.ref for each in found if each.reason is DifferenceReason.DRIFT}
    lanes = {each.lane for each in changes if each.ref in drifted}
    if not lanes:
        return None
    return Stream.STOCK if lanes == {Lane.STOCK} else Stream.PRODUCT


def _found(main: Product, planned: Diff, bare: Diff, waiting: Collection[Ref]) -> Iterator[Found]:
    seen: set[Ref] = set()
    for change in planned.changes:
        if change.ref not in seen:
            seen.add(change.ref)
            yield _drift(change, waiting)
    differing = {each.ref: each for each in bare.changes}
    for ref in planned.held:
        if ref not in seen:
            seen.add(ref)
            yield _of(ref, differing.get(ref), DifferenceReason.HELD, main)
    for edit in planned.local_edits:
        if edit.kept and edit.ref not in seen:
            seen.add(edit.ref)
            known = differing.get(edit.ref)
            sku = known.sku if known else ""
            yield Found(edit.ref, edit.main, edit.dependent, DifferenceReason.LOCAL_EDIT, main.title, sku)
    for ref, change in differing.items():
        if change.field is Field.STOCK and ref not in seen:
            seen.add(ref)
            yield _of(ref, change, DifferenceReason.LOCAL_STOCK, main)
    for refusal in planned.refused:
        if refusal.ref not in seen:
            seen.add(refusal.ref)
            sku = next((each.sku for each in main.variants if each.id == refusal.ref.subject), "")
            yield Found(
                refusal.ref, None, None, DifferenceReason.REFUSED, main.title, sku, refusal.code.value
            )


def _drift(change: Change, waiting: Collection[Ref]) -> Found:
    reason = DifferenceReason.BRAKE if change.ref in waiting else DifferenceReason.DRIFT
    return Found(change.ref, change.after, change.before, reason, change.title, change.sku)


def _of(ref: Ref, change: Change | None, reason: DifferenceReason, main: Product) -> Found:
    if change is None:
        return Found(ref, None, None, reason, main.title)
    return Found(ref, change.after, change.before, reason, change.title, change.sku)
