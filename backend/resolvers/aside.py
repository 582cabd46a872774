"""What was set aside because it failed three times, and taking it up again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry
from tortoise.queryset import QuerySet

from backend.access.ids import number_id, row_id
from backend.errors import NotFound
from backend.live.wake import wake
from backend.models.live import DirtyProduct, PendingSubject
from backend.schema.context import Info
from backend.schema.live import OLDEST_ASIDE, SetAsideProduct, SetAsideSubject
from backend.schema.paging import Page, page
from backend.schema.payloads import RetrySetAsidePayload


async def set_aside_subjects(
    info: Info, first: int | None = None, after: str | None = None
) -> Page[SetAsideSubject]:
    rows = info.context.scope.subjects_aside()
    return await page(rows, OLDEST_ASIDE, SetAsideSubject.of, first=first, after=after)


async def set_aside_products(
    info: Info, connection_id: strawberry.ID, first: int | None = None, after: str | None = None
) -> Page[SetAsideProduct]:
    tie = await info.context.scope.connection(row_id(connection_id, "connectionId"), "connectionId")
    rows = info.context.scope.products_aside().filter(connection_id=tie.id)
    return await page(rows, OLDEST_ASIDE, lambda row: SetAsideProduct.of(row, tie), first=first, after=after)


async def retry_set_aside(
    info: Info,
    subject_ids: list[strawberry.ID] | None = None,
    product_ids: list[strawberry.ID] | None = None,
) -> RetrySetAsidePayload:
    """The sweep finds what is due again; the shop itself is looked at right away."""
    scope, now = info.context.scope, info.context.services.clock.now()
    everything = subject_ids is None and product_ids is None
    subjects = await _chosen(scope.subjects_aside(), subject_ids, "subjectIds", everything=everything)
    products = await _chosen(scope.products_aside(), product_ids, "productIds", everything=everything)
    count = await PendingSubject.filter(id__in=subjects).update(**_afresh(now)) if subjects else 0
    if subjects:
        await wake([scope.shop_id])
    if products:
        count += await DirtyProduct.filter(id__in=products).update(**_afresh(now))
    return RetrySetAsidePayload(count=count)


async def _chosen(
    rows: QuerySet[Any], ids: Sequence[str] | None, field: str, *, everything: bool
) -> list[int]:
    """The ids of the caller's rows that are meant; raises NotFound where one is not there."""
    if everything:
        return [each.id for each in await rows.only("id")]
    wanted = {number_id(each, field, str(index)) for index, each in enumerate(ids or ())}
    if not wanted:
        return []
    found = {each.id for each in await rows.filter(id__in=sorted(wanted)).only("id")}
    if wanted - found:
        raise NotFound(field=(field,))
    return sorted(found)


def _afresh(now: datetime) -> dict[str, Any]:
    return {"set_aside_at": None, "attempts": 0, "reason": "", "due_at": now}
