"""Several things at once, none of them left half done."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from backend.errors import FatalError


async def together(*work: Awaitable[Any]) -> None:
    """Run all of `work` to its end; then raise the gravest of the errors: one that no retry helps before
    others."""
    results = await asyncio.gather(*work, return_exceptions=True)
    errors = [each for each in results if isinstance(each, BaseException)]
    if errors:
        raise next((each for each in errors if isinstance(each, FatalError)), errors[0])
