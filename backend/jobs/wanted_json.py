"""What a refresh reads, as JSON for its row."""

from collections.abc import Mapping
from typing import Any

from backend.shopify.wanted import Wanted
from backend.sync.catalog import LocationId
from backend.sync.settings import DetailField, FieldGroup


def dump_wanted(wanted: Wanted) -> dict[str, Any]:
    return {
        "groups": sorted(wanted.groups),
        "details": sorted(wanted.details),
        "locations": list(wanted.locations),
        "origin": wanted.origin,
    }


def load_wanted(data: Mapping[str, Any]) -> Wanted:
    return Wanted(
        groups=frozenset(FieldGroup(each) for each in data["groups"]),
        details=frozenset(DetailField(each) for each in data["details"]),
        locations=tuple(LocationId(each) for each in data["locations"]),
        origin=data["origin"],
    )


def covers(wider: Wanted, wanted: Wanted) -> bool:
    """Whether a read of `wider` brings everything that `wanted` asks for."""
    return dump_wanted(wider | wanted) == dump_wanted(wider | wider)
