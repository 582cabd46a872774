"""Files of a shop: images, videos and 3D models, of products or of none."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True, eq=False)
class File:
    """Uploaded at once, processed and then ready (or failed) by the clock: see
    sandbox.commands.files.status.
    """

    id: int
    content_type: str
    """IMAGE, VIDEO, EXTERNAL_VIDEO, MODEL_3D or FILE (a generic file)."""
    original_source: str
    filename: str
    alt: str
    created_at: datetime
    updated_at: datetime
    width: int
    height: int
    url: str
    processing_from: float
    """On the scale of Clock.monotonic()."""
    ready_from: float
    fails: bool = False
    products: dict[int, None] = field(default_factory=dict)
    """The products that show it."""
