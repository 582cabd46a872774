"""The phase that brings the mirror up to date: both shops at once, whole or only the products that the job is
about."""

import asyncio
from datetime import datetime
from uuid import UUID

from tortoise.expressions import F

from backend.database import connection, execute, rows
from backend.errors import AppError
from backend.jobs import ending, footing
from backend.jobs.context import load_context, wanted_of_main
from backend.jobs.facts import refresh_facts
from backend.jobs.mirror_write import mark_gone, put_products
from backend.jobs.queue import transaction
from backend.jobs.refresh import RefreshFailedError, join_refresh, work_on_refresh
from backend.jobs.runtime import Meter, OpenShop
from backend.jobs.siblings import tell_siblings
from backend.jobs.step import Again, Done, Slice, Step, Wait
from backend.jobs.subjects import dependent_subjects, main_subjects
from backend.jobs.together import together
from backend.live.dirty import take_up
from backend.models.job import Job, JobKind
from backend.models.mirror import Refresh
from backend.models.shop import Shop
from backend.shopify.client import access_lost
from backend.shopify.pages import Found
from backend.shopify.wanted import Wanted
from backend.sync.catalog import ProductId

_AT_ONCE = 50

# Not by a reading that began before an installation: what happened in between nobody has told.
_KNOWN = """
UPDATE connection SET read_at = $2 FROM shop m, shop d
WHERE connection.id = $1 AND m.id = connection.main_id AND d.id = connection.dependent_id
  AND connection.read_at IS NULL AND connection.state = 'ACTIVE'
  AND $3 >= m.installed_at AND $3 >= d.installed_at
"""
_UNSEEN = """
SELECT gid FROM mirror_variant
WHERE shop_id = $1 AND product_gid = ANY($2::text[]) AND gone_at IS NULL AND observed_at < $3
  AND NOT gid = ANY($4::text[])
"""


async def read(work: Slice) -> Step:
    """Go on with reading until both shops are read or the slice is over."""
    main, dependent = _doors(work)
    await together(_facts(work, work.context.main, main), _facts(work, work.context.dependent, dependent))
    work.context = await load_context(work.job)
    await footing.begin(work)
    if "main_products" in work.job.payload or "products" in work.job.payload:
        return await _read_subjects(work, main, dependent)
    step = await _read_whole(work, main, dependent)
    if isinstance(step, Done) and work.job.kind is JobKind.SYNC_ALL:
        await _both_are_known(work)
    return step


async def _both_are_known(work: Slice) -> None:
    """From now on the live path may match and create, what waited for that first."""
    now, own = work.runtime.clock.now(), work.context.connection
    async with transaction() as client:
        if await execute(client, _KNOWN, own, now, work.job.created_at):
            await take_up(client, own, now)


def _doors(work: Slice) -> tuple[OpenShop, OpenShop]:
    return work.open(work.context.main), work.open(work.context.dependent)


async def _guarded(shop: Shop, error: AppError) -> None:
    if access_lost(error):
        await ending.suspend(shop.id)


async def _facts(work: Slice, shop: Shop, door: OpenShop) -> None:
    try:
        await refresh_facts(shop, door, work.runtime)
    except AppError as error:
        await _guarded(shop, error)
        raise


async def _read_whole(work: Slice, main: OpenShop, dependent: OpenShop) -> Step:
    job, context, now = work.job, work.context, work.runtime.clock.now()
    if job.main_refresh_id is None or job.dependent_refresh_id is None:
        asked_at = (
            datetime.fromisoformat(job.payload["asked_at"]) if "asked_at" in job.payload else job.created_at
        )
        main_id, wanted = context.main.id, context.main_wanted
        job.main_refresh_id = await join_refresh(
            main_id, wanted, asked_at, now, widen=lambda: wanted_of_main(main_id, wanted)
        )
        job.dependent_refresh_id = await join_refresh(
            context.dependent.id, context.dependent_wanted, asked_at, now
        )
        job.settings_version = context.version
        await job.save(update_fields=["main_refresh_id", "dependent_refresh_id", "settings_version"])
    steps: list[Step] = []
    ticking = asyncio.create_task(_tick(work))

    async def one(refresh: UUID, shop: Shop, door: OpenShop) -> None:
        try:
            steps.append(await work_on_refresh(refresh, shop, door, work.leases, work.runtime, work.deadline))
        except RefreshFailedError:
            raise
        except AppError as error:
            await _guarded(shop, error)
            raise

    try:
        await together(
            one(job.main_refresh_id, context.main, main),
            one(job.dependent_refresh_id, context.dependent, dependent),
        )
    finally:
        ticking.cancel()
        await _progress(work)
    if all(isinstance(each, Done) for each in steps):
        return Done()
    if any(isinstance(each, Again) for each in steps):
        return Again()
    return Wait(min(each.seconds for each in steps if isinstance(each, Wait)))


async def _tick(work: Slice) -> None:
    """Show progress while pages arrive."""
    while True:
        await work.runtime.clock.sleep(1.0)
        await _progress(work)


async def _progress(work: Slice) -> None:
    job = work.job
    refreshes = await Refresh.filter(id__in=[job.main_refresh_id, job.dependent_refresh_id])
    job.done = sum(each.objects_done for each in refreshes)
    totals = [each.objects_total for each in refreshes]
    job.total = None if None in totals else max(job.done, sum(each or 0 for each in totals))
    ways = {way for each in refreshes for way in each.strategy.split("+") if way}
    job.strategy = "+".join(sorted(ways))
    if None not in totals:
        # Both shops are read at the same time.
        job.estimate_points = sum(each.estimate_points or 0 for each in refreshes)
        job.estimate_seconds = max(each.estimate_seconds or 0 for each in refreshes)
    await Job.filter(id=job.id).update(
        done=job.done,
        total=job.total,
        strategy=job.strategy,
        estimate_points=job.estimate_points,
        estimate_seconds=job.estimate_seconds,
    )
    await work.announce()


async def _read_subjects(work: Slice, main: OpenShop, dependent: OpenShop) -> Step:
    """A job about some products reads these alone; what Shopify does not know any more is gone."""
    job, context = work.job, work.context
    mains, dependents = await main_subjects(job), await dependent_subjects(job)
    job.total = len(mains) + len(dependents)
    wanted_of_all = context.main_wanted
    if job.kind is JobKind.CHECK:
        # The siblings check the same products from this one reading.
        wanted_of_all = await wanted_of_main(context.main.id, wanted_of_all)
    if not await _read_some(work, "main", context.main, main, mains, wanted_of_all):
        return Again()
    wanted = context.dependent_wanted
    if not await _read_some(work, "dependent", context.dependent, dependent, dependents, wanted):
        return Again()
    return Done()


async def _read_some(
    work: Slice, side: str, shop: Shop, door: OpenShop, gids: list[ProductId], wanted: Wanted
) -> bool:
    """Read on where the last slice ended; False when the time is up."""
    meter = Meter(door.usage)
    for start in range(work.job.cursor.get(side, 0), len(gids), _AT_ONCE):
        if work.time_is_up():
            return False
        work.leases.check()
        try:
            found = await door.catalog.by_ids(gids[start : start + _AT_ONCE], wanted)
            lost = await lost_variants(shop, door, found)
        except AppError as error:
            await _guarded(shop, error)
            raise
        points, calls = meter.take()
        async with transaction() as client:
            await put_products(client, shop.id, found.products, wanted, found.observed_at)
            await mark_gone(client, shop.id, sorted(found.missing), lost, found.observed_at)
            read = [*(each.id for each in found.products), *found.missing]
            own = (work.context.connection,)
            await tell_siblings(client, shop.id, work.runtime.clock.now(), but=own, only=read)
            charged = Job.filter(id=work.job.id).using_db(client)
            work.job.cursor[side] = start + _AT_ONCE
            work.job.done += len(gids[start : start + _AT_ONCE])
            await charged.update(
                points=F("points") + points,
                calls=F("calls") + calls,
                cursor=work.job.cursor,
                done=work.job.done,
            )
        await work.announce()
    return True


async def lost_variants(shop: Shop, door: OpenShop, found: Found) -> list[str]:
    """Variants that the products had and have no more, and that Shopify does not know by their ids."""
    products = [each.id for each in found.products]
    present = [variant.id for each in found.products for variant in each.variants]
    unseen = await rows(connection(), _UNSEEN, shop.id, products, found.observed_at, present)
    suspects = [row["gid"] for row in unseen]
    alive = await door.catalog.exists(suspects) if suspects else frozenset()
    return [gid for gid in suspects if gid not in alive]
