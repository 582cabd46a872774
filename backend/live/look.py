"""Looking at what is pending in a shop: the truth is read, by ids and for all subjects at once, into the
mirror; the connections concerned have to plan the products anew. Events are hints, so duplicates, late and
reordered ones cost nothing.

Two rounds run side by side, each under its own lease: stock waits for nothing else.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

from tortoise.exceptions import BaseORMException

from backend.database import PASSING
from backend.errors import AppError, LeaseLost, RetryError, Unavailable
from backend.jobs import ending
from backend.jobs.defects import reason_of
from backend.jobs.leases import Leases
from backend.jobs.queue import enqueue_look, transaction
from backend.jobs.runtime import Runtime
from backend.live.looks import changes, products, shop, stock
from backend.live.pending import Taken, forget_pending, kinds_due, postpone_pending, take_pending
from backend.live.view import View
from backend.models.live import SubjectKind
from backend.models.shop import Shop
from backend.shopify.client import access_lost

Look = Callable[[View, Sequence[Taken]], Awaitable[None]]

# What is looked at together, and how much of it at once, in this order.
_ROUNDS: Mapping[str, tuple[tuple[SubjectKind, int, Look], ...]] = MappingProxyType(
    {
        "stock": ((SubjectKind.STOCK, 250, stock.look),),
        "rest": (
            (SubjectKind.GONE_APP, 1, shop.app_is_gone),
            (SubjectKind.REDACT, 1, shop.redact),
            (SubjectKind.FACTS, 1, shop.facts),
            (SubjectKind.PLAN, 1, shop.plan),
            (SubjectKind.OPERATION, 50, shop.operations),
            (SubjectKind.PRODUCT, 40, products.look),
            (SubjectKind.CHANGED, 1, changes.look),
        ),
    }
)
_LONGEST_WAIT = 300.0
# What Shopify can't answer for so long, although it answers for the shop, is for a person to know.
_LONG_UNANSWERED = timedelta(minutes=10)
_UNANSWERED_SECONDS = 10.0
_MOMENT = 0.05


async def look_at(shop_id: UUID, runtime: Runtime) -> None:
    """Look until nothing is due, or the slice is over; somebody else's look is not disturbed."""
    await asyncio.gather(*(_look(shop_id, name, runtime) for name in _ROUNDS))


async def _look(shop_id: UUID, name: str, runtime: Runtime) -> None:
    kinds = frozenset(kind for kind, _, _ in _ROUNDS[name])
    deadline = runtime.clock.monotonic() + runtime.slice_seconds
    while due := await kinds_due(shop_id, kinds, runtime.clock.now()):
        if runtime.clock.monotonic() >= deadline:
            async with transaction():
                enqueue_look(shop_id)
            return
        # Whoever marks something while the lease is held sees it taken: so it is asked again after.
        async with Leases(runtime.clock) as leases:
            if not await leases.take(f"look:{shop_id}:{name}"):
                return
            if not await _round(shop_id, name, due, leases, runtime):
                # Somebody marks it at this very moment.
                await runtime.clock.sleep(_MOMENT)


async def _round(
    shop_id: UUID, name: str, due: Collection[SubjectKind], leases: Leases, runtime: Runtime
) -> bool:
    """Look at the most urgent subjects; False where there were none to be had."""
    for kind, most, look in _ROUNDS[name]:
        if kind not in due:
            continue
        taken = await take_pending(shop_id, kind, runtime.clock.now(), limit=most)
        if not taken:
            continue
        found = await Shop.get_or_none(id=shop_id)
        if found is None:
            return False
        gone = found.uninstalled_at is not None and kind not in (SubjectKind.GONE_APP, SubjectKind.REDACT)
        await _guarded(View(found, leases, runtime), _forget if gone else look, taken)
        return True
    return False


async def _forget(view: View, taken: Sequence[Taken]) -> None:
    """Of a shop that the app was removed from: whoever installs it again has everything read."""
    async with transaction() as client:
        await forget_pending(client, taken, view.runtime.clock.now())


async def _guarded(view: View, look: Look, taken: Sequence[Taken]) -> None:
    now = view.runtime.clock.now
    try:
        view.leases.check()
        await look(view, taken)
    except LeaseLost:
        # Somebody else looks at this shop now; it speaks against none of the subjects.
        await postpone_pending(taken, now(), "", counts=False)
        raise
    except Unavailable as error:
        if error.sent and await _answers(view):
            await _unanswered(view, taken, error.message)
        else:
            await _later(view, taken, error)
    except RetryError as error:
        await _later(view, taken, error)
    except AppError as error:
        if access_lost(error):
            await ending.suspend(view.shop.id)
        await _failed(view, taken, error.message, counts=not access_lost(error))
    except (BaseORMException, *PASSING) as error:
        # The database, not the subject.
        await postpone_pending(taken, now() + timedelta(seconds=1), type(error).__name__, counts=False)
    except Exception as error:  # noqa: BLE001 - a defect costs its subject alone
        subjects = [view.shop.domain, *(f"{each.kind} {each.gid}" for each in taken)]
        await _failed(view, taken, reason_of(error, "look failed", subjects), counts=True)


async def _answers(view: View) -> bool:
    """Whether the shop answers at all; if so, it is one of the subjects that it has no answer for."""
    try:
        await view.open().facts.shop()
    except AppError:
        return False
    return True


async def _unanswered(view: View, taken: Sequence[Taken], reason: str) -> None:
    """They go apart, so that the one to blame takes nothing else down with it; alone it waits a while, and is
    set aside when that does not help for long."""
    if len(taken) > 1 or view.runtime.clock.now() - taken[0].happened_at > _LONG_UNANSWERED:
        await _failed(view, taken, reason, counts=True)
    else:
        due_at = view.runtime.clock.now() + timedelta(seconds=_UNANSWERED_SECONDS)
        await postpone_pending(taken, due_at, reason, counts=False)


async def _later(view: View, taken: Sequence[Taken], error: RetryError) -> None:
    wait = timedelta(seconds=min(_LONGEST_WAIT, max(0.5, error.after or 2.0)))
    await postpone_pending(taken, view.runtime.clock.now() + wait, error.message, counts=False)


async def _failed(view: View, taken: Sequence[Taken], reason: str, *, counts: bool) -> None:
    wait = timedelta(seconds=2.0 if counts else _LONGEST_WAIT)
    await postpone_pending(taken, view.runtime.clock.now() + wait, reason, counts=counts)
