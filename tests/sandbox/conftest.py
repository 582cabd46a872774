from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from dev.browser import find, launch_arguments


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests; a context of its own keeps each of them apart."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=find(), args=launch_arguments())
        yield launched
        await launched.close()
