"""A check of linked products: both shops have just been read, and what the dependent says is compared with
what it should say. Nothing is written to a shop; what drifted is handed to the live path."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import rows
from backend.jobs.change_rows import SELECT, change_of
from backend.jobs.context import Context
from backend.jobs.defects import apart, reason_of
from backend.jobs.ending import DEFECTS
from backend.jobs.links import StoredLink, load_links
from backend.jobs.mirror_read import gone_products, gone_variants, load_products
from backend.jobs.page_plan import GRACE, load_holds, load_references
from backend.jobs.queue import transaction
from backend.jobs.step import Again, Done, Slice, Step
from backend.live.dirty import mark_dirty, set_aside
from backend.models.link import ProductLink
from backend.models.live import Stream
from backend.parity.record import put_reports
from backend.parity.report import Report, drift, report
from backend.sync import gone
from backend.sync.catalog import Product, ProductId, VariantId
from backend.sync.diff import NO_HOLDS
from backend.sync.link import Ref
from backend.sync.selection import is_selected

# Main is read for the first of the connections that check the same products; the others may use it so long.
MAIN_FRESH = timedelta(minutes=10)
_PAGE = 250
# The count of products that a check has handed to the live path.
MARKED = "products.marked"

_SEEN = """
SELECT gid FROM mirror_product
WHERE shop_id = $1 AND gid = ANY($2::text[]) AND gone_at IS NULL AND observed_at >= $3
"""
_OF_WAITING = """
WHERE connection_id = $1 AND state = 'HELD' AND main_product_gid = ANY($2::text[])
  AND job_id IN (SELECT id FROM job WHERE connection_id = $1 AND kind <> 'PREVIEW')
"""


@dataclass(slots=True)
class Checked:
    """`reports` are of products that were compared, by link; `settled` the links of products where there is
    nothing to compare. `dirty` is what the live path has to look at, by stream."""

    reports: list[tuple[UUID, Report]] = field(default_factory=list)
    settled: list[tuple[UUID, ProductId]] = field(default_factory=list)
    dirty: dict[Stream, set[ProductId]] = field(default_factory=lambda: defaultdict(set))

    def add(self, stored: StoredLink, told: Report) -> None:
        self.reports.append((stored.id, told))
        if told.stream is not None:
            self.dirty[told.stream].add(told.main)

    def settle(self, stored: StoredLink) -> None:
        """The link itself has to be looked at: one of its products is gone, or not selected any more."""
        self.settled.append((stored.id, stored.link.main))
        self.dirty[Stream.PRODUCT].add(stored.link.main)

    @property
    def counts(self) -> Counter[str]:
        """For the job's row; a check that marked nothing is of no interest to anybody."""
        found = Counter(f"differences.{each.reason}" for _, told in self.reports for each in told.found)
        found["links.checked"] = len(self.reports) + len(self.settled)
        found["values.checked"] = sum(told.values for _, told in self.reports)
        found[MARKED] = sum(map(len, self.dirty.values()))
        return found


async def plan_check(work: Slice) -> Step:
    """Go on with the check until every link of the job is compared or the slice is over. A product that can't
    be compared is set aside; the others are checked all the same, now and the next time."""
    job = work.job
    mains = [ProductId(each) for each in job.payload["links"]]
    checking = _Checking(work)
    start = int(job.cursor.get("checked", 0))
    if not start:
        job.total = len(mains)
    while start < len(mains):
        if work.time_is_up():
            return Again()
        work.leases.check()
        await apart(mains[start : start + _PAGE], checking.compare, checking.set_aside)
        start = int(job.cursor["checked"])
        await work.announce()
    return Done()


class _Checking:
    def __init__(self, work: Slice) -> None:
        self._work = work

    async def compare(self, mains: Sequence[ProductId]) -> bool:
        context, now = self._work.context, self._work.runtime.clock.now()
        async with transaction() as client:
            checked = await check_page(client, context, mains, self._work.job.created_at, now)
            await put_reports(client, context.connection, checked.reports, checked.settled, now)
            for stream, products in sorted(checked.dirty.items()):
                await mark_dirty(client, context.connection, sorted(products), stream, now, now)
            await self._save(client, len(mains), checked.counts)
        return True

    async def set_aside(self, main: ProductId, error: Exception) -> None:
        """It counts as looked at: else it would be the oldest for ever, and the only one that is tried."""
        own, now = self._work.context.connection, self._work.runtime.clock.now()
        reason = reason_of(error, "check failed", [own, main])
        async with transaction() as client:
            await set_aside(client, own, main, reason, now)
            await ProductLink.filter(connection_id=own, main_gid=main).using_db(client).update(checked_at=now)
            await self._save(client, 1, Counter({DEFECTS: 1}))

    async def _save(self, client: BaseDBAsyncClient, number: int, counted: Counter[str]) -> None:
        job = self._work.job
        job.done = int(job.cursor.get("checked", 0)) + number
        job.cursor["checked"] = job.done
        counts = Counter(job.counts)
        counts.update(counted)
        job.counts = dict(sorted(counts.items()))
        await job.save(update_fields=["cursor", "done", "total", "counts"], using_db=client)


async def check_page(
    client: BaseDBAsyncClient,
    context: Context,
    mains: Sequence[ProductId],
    asked_at: datetime,
    now: datetime,
) -> Checked:
    """Compare these main products with their twins, from the mirror, in a constant number of statements.

    A product that the mirror has not seen since `asked_at` (main's a little longer, see MAIN_FRESH) is not
    checked and comes again.
    """
    checked = Checked()
    links = await load_links(client, context.connection, mains)
    twins = [each.link.dependent for each in links.values()]
    main = await load_products(client, context.main.id, links)
    dependents = await load_products(client, context.dependent.id, twins)
    lost = await gone_products(client, context.dependent.id, twins, now)
    over = await gone_products(client, context.main.id, list(links), now - GRACE)
    absent = await _absent_variants(client, context, links, main, now - GRACE)
    seen = await _seen(client, context.main.id, list(links), asked_at - MAIN_FRESH)
    seen_there = await _seen(client, context.dependent.id, twins, asked_at)
    holds = await load_holds(client, context.connection, dependents)
    waiting = await _waiting(client, context.connection, list(links))
    references = await load_references(client, context.connection, main.values(), context.rules)
    rules = replace(context.rules, references=references, repair=False)
    for gid, stored in sorted(links.items()):
        link, mine, theirs = stored.link, main.get(gid), dependents.get(stored.link.dependent)
        own = holds.get(link.dependent, NO_HOLDS)
        if theirs is None or link.dependent in lost:
            checked.settle(stored)
        elif link.dependent not in seen_there:
            continue
        elif gid in over:
            changes = gone.gone_product(theirs, link, rules, own)
            checked.add(stored, drift(gid, theirs.id, changes, waiting.get(gid, ())))
        elif mine is None:
            checked.settle(stored)
        elif gid not in seen:
            continue
        elif not is_selected(mine, context.settings.selection):
            checked.settle(stored)
        else:
            told = report(mine, theirs, link, rules, own, waiting.get(gid, ()))
            if gid in absent:
                changes = gone.gone_variants(theirs, link, absent[gid], rules, own)
                told = told.joined(drift(gid, theirs.id, changes, waiting.get(gid, ())))
            checked.add(stored, told)
    return checked


async def _seen(
    client: BaseDBAsyncClient, shop: UUID, gids: Sequence[str], since: datetime
) -> frozenset[str]:
    return frozenset(row["gid"] for row in await rows(client, _SEEN, shop, list(gids), since))


async def _waiting(
    client: BaseDBAsyncClient, owner: UUID, mains: Sequence[ProductId]
) -> Mapping[str, set[Ref]]:
    """The values whose change waits for a person, by main product."""
    found: defaultdict[str, set[Ref]] = defaultdict(set)
    for row in await rows(client, SELECT + _OF_WAITING, owner, list(mains)):
        found[row["main_product_gid"]].add(change_of(row).ref)
    return found


async def _absent_variants(
    client: BaseDBAsyncClient,
    context: Context,
    links: Mapping[ProductId, StoredLink],
    main: Mapping[ProductId, Product],
    before: datetime,
) -> Mapping[str, list[VariantId]]:
    """Linked variants that main has had no more since `before` or longer, by main product."""
    suspects: dict[VariantId, ProductId] = {}
    for gid, mine in main.items():
        present = {each.id for each in mine.variants}
        suspects |= {each: gid for each in links[gid].link.variants if each not in present}
    found: defaultdict[str, list[VariantId]] = defaultdict(list)
    for each in sorted(await gone_variants(client, context.main.id, list(suspects), before)):
        found[suspects[each]].append(each)
    return found
