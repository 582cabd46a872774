"""Custom data and its definitions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True, eq=False)
class Metafield:
    id: int
    owner: Any
    owner_type: str
    namespace: str
    key: str
    type: str
    value: str
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True, eq=False)
class MetafieldDefinition:
    id: int
    owner_type: str
    namespace: str
    key: str
    name: str
    type: str
    description: str | None = None
    validations: tuple[tuple[str, str], ...] = ()
    unique_values: bool = False
    admin_access: str = "PUBLIC_READ_WRITE"
    storefront_access: str = "NONE"
    pinned_position: int | None = None
    owners: dict[str, int] = field(default_factory=dict)
    """Owner's number by value, where the definition demands unique values."""
