"""Sales channels that products can be published to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True, eq=False)
class Publication:
    id: int
    name: str
    handle: str
    created_at: datetime
    updated_at: datetime
    auto_publish: bool = False
    supports_future_publishing: bool = False
