"""The shop's plan: what there is to choose from, the one it has, another one."""

import strawberry

from backend.access.ids import charge_id as charge_gid
from backend.access.policy import demand_person
from backend.billing.change import change_plan as change
from backend.billing.record import load_standing
from backend.billing.verify import verify
from backend.schema.context import Info
from backend.schema.errors import UserError
from backend.schema.payloads import ChangePlanPayload, RefreshPlanPayload
from backend.schema.plan import CurrentPlan, Plan
from backend.shopify.bucket import Priority


async def plans(info: Info) -> list[Plan]:
    offered = info.context.services.runtime.plans
    own = (await load_standing(info.context.scope.shop_id, offered)).chosen(offered)
    return [Plan.of(each) for each in offered.all if each.offered or each == own]


async def current_plan(info: Info) -> CurrentPlan:
    shop, offered = info.context.scope.shop_id, info.context.services.runtime.plans
    return CurrentPlan.of(shop, await load_standing(shop, offered), offered)


async def change_plan(info: Info, plan_id: strawberry.ID) -> ChangePlanPayload:
    services = info.context.services
    demand_person(info.context.scope.principal)
    shop = await info.context.scope.own_shop()
    changed = await change(
        shop.id,
        plan_id,
        services.runtime.open(shop, Priority.INTERACTIVE).billing,
        services.runtime.desk,
        return_url=services.return_url(shop.domain, "plan"),
    )
    return ChangePlanPayload(
        confirmation_url=changed.confirmation_url,
        current_plan=await current_plan(info),
        warnings=[UserError.of(changed.warning)] if changed.warning else [],
    )


async def refresh_plan(info: Info, charge_id: strawberry.ID | None = None) -> RefreshPlanPayload:
    services = info.context.services
    charge = None if charge_id is None else charge_gid(charge_id, "chargeId")
    shop = await info.context.scope.own_shop()
    billing = services.runtime.open(shop, Priority.INTERACTIVE).billing
    standing, outcome = await verify(shop.id, billing, services.runtime.desk, charge=charge)
    current = CurrentPlan.of(shop.id, standing, services.runtime.plans)
    return RefreshPlanPayload(current_plan=current, outcome=outcome)
