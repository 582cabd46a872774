"""Work that goes on after the answer: bulk operations, staged uploads, asynchronous product operations."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(slots=True, eq=False)
class BulkOperation:
    id: int
    type: str
    """QUERY or MUTATION."""
    query: str
    created_at: datetime
    updated_at: datetime
    client_id: str
    status: str = "CREATED"
    error_code: str | None = None
    completed_at: datetime | None = None
    object_count: int = 0
    root_object_count: int = 0
    file_size: int | None = None
    url: str | None = None
    partial_data_url: str | None = None
    result: Path | None = None
    client_identifier: str | None = None
    group_objects: bool = False
    variables: Any = None


@dataclass(slots=True, eq=False)
class StagedUpload:
    key: str
    resource: str
    filename: str
    mime_type: str
    created_at: datetime
    http_method: str = "PUT"
    content: bytes | None = None


@dataclass(slots=True, eq=False)
class ProductOperation:
    """productSet or productDelete that was not to be waited for."""

    id: int
    kind: str
    """ProductSetOperation or ProductDeleteOperation."""
    product: int | None
    starts: float
    """When it turns from CREATED to ACTIVE, on the scale of Clock.monotonic()."""
    ends: float
    status: str = "CREATED"
    user_errors: list[dict[str, Any]] = field(default_factory=list)
