"""What an app wants to be told, and where."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True, eq=False)
class Subscription:
    """One topic and one address: of the app in all shops (App), or made by the API in one (Installation)."""

    id: int
    topic: str
    """As in the header, for example ``products/update``."""
    uri: str
    api_version: str
    created_at: datetime
    updated_at: datetime
    include_fields: tuple[str, ...] = ()
    """Paths into the payload, with dots; none for all of it."""
    filter: str | None = None
    """Kept and answered, not applied."""
    name: str | None = None
