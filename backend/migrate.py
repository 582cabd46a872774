"""`python -m backend.migrate` brings the database up to date. Several at once are safe: one works, the
others wait."""

import asyncio
import sys
from collections.abc import Mapping
from os import environ

import asyncpg
from tortoise import Tortoise
from tortoise.migrations.api import migrate as run_migrations

from backend.database import APP, tortoise_config, tortoise_url

# Any constant of our own: PostgreSQL's advisory locks are numbers.
_LOCK = 0x6D73735F


async def migrate(url: str) -> None:
    """Apply every migration that the database at `url` has not seen."""
    plain = tortoise_url(url).replace("asyncpg://", "postgresql://", 1)
    gate = await asyncpg.connect(plain)
    try:
        await gate.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await run_migrations(config=tortoise_config(url, pool_size=2), app_labels=[APP])
    finally:
        await Tortoise.close_connections()
        await gate.close()


def main(variables: Mapping[str, str] = environ) -> int:
    url = variables.get("DATABASE_URL", "").strip()
    if not url:
        sys.stderr.write("DATABASE_URL is not set.\n")
        return 2
    asyncio.run(migrate(url))
    return 0


if __name__ == "__main__":
    sys.exit(main())
