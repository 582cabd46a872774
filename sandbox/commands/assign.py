"""Setting attributes and knowing whether that changed anything."""

from typing import Any

from sandbox.commands.specs import UNSET


def assign(target: object, **values: Any) -> bool:
    """Set what is not UNSET; True if any value differs from what was there."""
    changed = False
    for name, value in values.items():
        if value is not UNSET and getattr(target, name) != value:
            setattr(target, name, value)
            changed = True
    return changed
