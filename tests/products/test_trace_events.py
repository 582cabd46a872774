"""Every way in which a job can begin is an event that a trace can tell of."""

from backend.models.job import Trigger
from backend.products.trace import BY_ITSELF, EventKind


def test_every_trigger_has_its_event() -> None:
    # What changed in a shop is told by the message of it.
    assert set(BY_ITSELF) == set(Trigger) - {Trigger.CHANGE}
    assert set(BY_ITSELF.values()) == set(EventKind) - {EventKind.WEBHOOK, EventKind.FOUND}
