"""The migrations make what the models say, on an empty database and on one with rows."""

import asyncpg
import pytest
from tortoise import Tortoise

from backend.database import tortoise_config
from backend.migrate import migrate
from backend.models.connection import Connection, ConnectionState
from backend.models.shop import Role, Shop

# What a model cannot say stands in a migration alone.
CONNECTION_ALIVE = (
    "CREATE UNIQUE INDEX connection_alive ON public.connection USING btree (dependent_id)"
    " WHERE ((state)::text <> 'DISCONNECTED'::text)"
)

COLUMNS = """
SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale,
       is_nullable, column_default
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'tortoise_migrations'
ORDER BY table_name, column_name
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text AS table_name, contype::text, pg_get_constraintdef(oid) AS definition
FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'tortoise_migrations'
ORDER BY 1, 2, 3
"""
INDEXES = """
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'
"""


async def _shape(url: str) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], set[str]]:
    client = await asyncpg.connect(url.replace("asyncpg://", "postgresql://"))
    try:
        columns = [tuple(row) for row in await client.fetch(COLUMNS)]
        constraints = [tuple(row) for row in await client.fetch(CONSTRAINTS)]
        return columns, constraints, {row["indexdef"] for row in await client.fetch(INDEXES)}
    finally:
        await client.close()


async def test_the_migrated_schema_is_the_one_the_models_describe(
    empty_database_url: str, database_url: str
) -> None:
    await Tortoise.init(config=tortoise_config(empty_database_url))
    await Tortoise.generate_schemas(safe=False)
    await Tortoise.close_connections()

    columns, constraints, indexes = await _shape(empty_database_url)
    migrated_columns, migrated_constraints, migrated_indexes = await _shape(database_url)

    assert len(columns) > 150
    assert migrated_columns == columns
    assert migrated_constraints == constraints
    assert migrated_indexes == indexes | {CONNECTION_ALIVE}


async def test_a_database_with_rows_migrates_again_and_keeps_them(database_url: str) -> None:
    await Tortoise.init(config=tortoise_config(database_url))
    main = await Shop.create(domain="main.myshopify.com", role=Role.MAIN)
    dependent = await Shop.create(domain="dependent.myshopify.com", role=Role.DEPENDENT)
    await Connection.create(main=main, dependent=dependent, state=ConnectionState.PAUSED)
    await Tortoise.close_connections()

    await migrate(database_url)

    await Tortoise.init(config=tortoise_config(database_url))
    assert [each.state for each in await Connection.all()] == [ConnectionState.PAUSED]
    domains = [each.domain for each in await Shop.all().order_by("domain")]
    assert domains == ["dependent.myshopify.com", "main.myshopify.com"]
    await Tortoise.close_connections()


async def test_a_dependent_has_one_living_connection(database_url: str) -> None:
    client = await asyncpg.connect(database_url.replace("asyncpg://", "postgresql://"))
    await client.execute(
        "INSERT INTO shop (id, domain, name, email, currency, timezone, plan_name, scopes, variant_limit,"
        " connection_key_version, installed_at)"
        " SELECT gen_random_uuid(), 's' || n, '', '', '', 'UTC', '', '[]', 2048, 0, now()"
        " FROM generate_series(1, 3) n"
    )
    insert = (
        "INSERT INTO connection (id, main_id, dependent_id, state, created_at)"
        " SELECT gen_random_uuid(), m.id, d.id, $1, now() FROM shop m, shop d"
        " WHERE m.domain = 's1' AND d.domain = $2"
    )
    await client.execute(insert, "DISCONNECTED", "s2")
    await client.execute(insert, "ACTIVE", "s2")
    await client.execute(insert, "DISCONNECTED", "s2")
    await client.execute(insert, "SUSPENDED", "s3")
    for state in ("ACTIVE", "PAUSED", "SUSPENDED"):
        with pytest.raises(asyncpg.UniqueViolationError, match="connection_alive"):
            await client.execute(insert, state, "s2")
    await client.close()
