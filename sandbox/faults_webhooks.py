"""What a fault plan does to a webhook on its way: lost, late, twice, out of order."""

from sandbox.faults import FaultPlan, Kind, Occasion


def delays(plan: FaultPlan, shop: str, topic: str) -> list[float]:
    """Seconds from the event to each time the delivery sets out; empty for one that is lost. Delays add up;
    copies follow the delayed first.
    """
    first = 0.0
    copies: list[float] = []
    for strike in plan.draw(Occasion.WEBHOOK, shop, (topic,)):
        match strike.rule.kind:
            case Kind.WEBHOOK_DROP:
                return []
            case Kind.WEBHOOK_DUPLICATE:
                copies.extend(strike.random.uniform(*strike.rule.seconds) for _ in range(strike.rule.copies))
            case _:
                first += strike.seconds
    return [first, *sorted(first + later for later in copies)]
