"""Plans, and the one that a shop has."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import strawberry

from backend.access.loaders import WaitingTally
from backend.billing.plans import Interval, Plans
from backend.billing.plans import Plan as PlanValue
from backend.billing.standing import PlanStatus, Standing
from backend.schema.context import Info
from backend.schema.described import described


@strawberry.type(
    description="`productLimit`: how many products may be linked, null for any number. `price` is null for a"
    " plan that costs nothing, and so are currency and interval."
)
class Plan:
    id: strawberry.ID
    product_limit: int | None
    price: Decimal | None
    currency: str | None
    interval: Interval | None
    _plan: strawberry.Private[PlanValue]

    @classmethod
    def of(cls, plan: PlanValue) -> Plan:
        price = plan.price
        return cls(
            id=strawberry.ID(plan.id),
            product_limit=plan.product_limit,
            price=price.amount if price else None,
            currency=price.currency if price else None,
            interval=price.interval if price else None,
            _plan=plan,
        )

    @described("In this language where the plan has a name in it, such as `fr`; else in English.")
    def name(self, language: str = "en") -> str:
        return self._plan.name_in(language)


@strawberry.type(description="A change that waits for the merchant's word at Shopify, for two days at most.")
class PendingPlan:
    plan: Plan
    since: datetime


@strawberry.type(
    description="`allowed` is the limit in force, null for none: with payments stopped, the first plan's."
)
class CurrentPlan:
    plan: Plan
    status: PlanStatus
    allowed: int | None
    pending: PendingPlan | None
    _shop: strawberry.Private[UUID]

    @classmethod
    def of(cls, shop: UUID, standing: Standing, plans: Plans) -> CurrentPlan:
        pending = None
        if standing.pending is not None and (wanted := plans.find(standing.pending.plan)):
            pending = PendingPlan(plan=Plan.of(wanted), since=standing.pending.since)
        return cls(
            plan=Plan.of(standing.chosen(plans)),
            status=standing.status,
            allowed=standing.in_force(plans).product_limit,
            pending=pending,
            _shop=shop,
        )

    @described("Linked products; of a main shop, those that are linked to any dependent.")
    async def used(self, info: Info) -> int:
        return await info.context.loaders.linked_of_shop.load(self._shop)

    @described("Products that would be linked if this shop's plan had room.")
    async def waiting(self, info: Info) -> int:
        return (await self._waiting(info)).own

    @described("Products that wait for the plan of a connected shop alone.")
    async def waiting_for_others(self, info: Info) -> int:
        return (await self._waiting(info)).others

    async def _waiting(self, info: Info) -> WaitingTally:
        return await info.context.loaders.waiting_for_plan.load(self._shop) or WaitingTally()
