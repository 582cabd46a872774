"""The connection to PostgreSQL: one configuration for API, workers, scheduler and migrations."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.connection import get_connection

APP = "models"
CONNECTION = "default"
MODELS = (
    "backend.models.shop",
    "backend.models.connection",
    "backend.models.mirror",
    "backend.models.link",
    "backend.models.job",
    "backend.models.live",
    "backend.models.call",
    "backend.models.invitation",
    "backend.models.billing",
    "backend.models.api_token",
)
MIGRATIONS = "backend.models.migrations"

# What a statement ends with when the server goes away under it, or makes one of two that wait for each other
# give up. It passes, and nothing is wrong with the statement. Tortoise hands on what is asyncpg's own.
PASSING = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.TransactionRollbackError,
)

_OTHER_SCHEMES = ("postgres", "postgresql")


class Session(asyncpg.Connection):  # type: ignore[misc]
    """A session of PostgreSQL that is given back as it is. Nothing here sets anything for a whole session
    (locks and settings are a transaction's), so the statement that would take it back, one more round trip
    for every statement, is left out. An open transaction is rolled back all the same."""

    def get_reset_query(self) -> str:
        return ""


def tortoise_url(url: str) -> str:
    """`url` in the form Tortoise wants; `postgres://` and `postgresql://` are what everybody else writes."""
    parts = urlsplit(url)
    if parts.scheme in _OTHER_SCHEMES:
        parts = parts._replace(scheme="asyncpg")
    return urlunsplit(parts)


def tortoise_config(url: str, *, pool_size: int = 10) -> dict[str, Any]:
    """`pool_size` is the most connections this process opens."""
    server = expand_db_url(tortoise_url(url))
    server["credentials"] |= {"minsize": 1, "maxsize": pool_size, "connection_class": Session}
    return {
        "connections": {CONNECTION: server},
        "apps": {APP: {"models": list(MODELS), "default_connection": CONNECTION, "migrations": MIGRATIONS}},
        "use_tz": True,
        "timezone": "UTC",
    }


async def connect(url: str, *, pool_size: int = 10) -> None:
    """Open the database for this process.

    Tortoise keeps its state in a context variable that other tasks and loops do not see (a Dramatiq worker's,
    an ASGI server's), so the process-wide fallback is needed.
    """
    await Tortoise.init(config=tortoise_config(url, pool_size=pool_size), _enable_global_fallback=True)


async def disconnect() -> None:
    """Close the pool; without it a process may hang at exit."""
    await Tortoise.close_connections()


@asynccontextmanager
async def database(url: str, *, pool_size: int = 10) -> AsyncIterator[None]:
    await connect(url, pool_size=pool_size)
    try:
        yield
    finally:
        await disconnect()


def connection() -> BaseDBAsyncClient:
    """The pool, for SQL that is beyond the models; inside a transaction use the client that it hands out."""
    return get_connection(CONNECTION)


async def rows(client: BaseDBAsyncClient, sql: str, *values: Any) -> list[dict[str, Any]]:
    """The rows that a SELECT or a RETURNING answers; `values` fill $1, $2, …"""
    return await client.execute_query_dict(sql, list(values))


async def records(client: BaseDBAsyncClient, sql: str, *values: Any) -> Sequence[Mapping[str, Any]]:
    """As `rows`, for a SELECT of many: as they came, not copied into dictionaries."""
    _, found = await client.execute_query(sql, list(values))
    return found


async def execute(client: BaseDBAsyncClient, sql: str, *values: Any) -> int:
    """How many rows the statement touched."""
    count, _ = await client.execute_query(sql, list(values))
    return count


# Rows that a piece of work adds before statistics of the tables are worth taking at once.
MANY = 1_000


async def analyze(*tables: str) -> None:
    """Have PostgreSQL look at tables that have just grown. It would do so by itself after a minute or more;
    until then, plans that it prepared for empty tables read all of a full one."""
    await execute(connection(), f"ANALYZE {', '.join(tables)}")


async def execute_many(client: BaseDBAsyncClient, sql: str, records: Sequence[Sequence[Any]]) -> None:
    """The same statement for every record, in one round trip."""
    if records:
        await client.execute_many(sql, [list(record) for record in records])
