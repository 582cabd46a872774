import os
import stat
import uuid
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
import redis

from dev.errors import DevError
from dev.postgres import Databases, Postgres
from dev.valkey import Valkey


def plain(url: str) -> str:
    return urlsplit(url)._replace(scheme="postgresql").geturl()


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("services")


async def test_postgres_starts_from_nothing_and_keeps_its_data_over_a_restart(home: Path) -> None:
    server = Postgres(home)
    server.start()
    try:
        connection = await asyncpg.connect(plain(server.url()))
        assert connection.get_server_version().major == 18
        await connection.execute("CREATE TABLE kept (value text); INSERT INTO kept VALUES ('é')")
        await connection.close()

        server.child.kill()
        server.start()

        connection = await asyncpg.connect(plain(server.url()))
        assert await connection.fetchval("SELECT value FROM kept") == "é"
        await connection.close()
    finally:
        server.stop()
    assert not server.child.running


def test_other_users_cannot_reach_the_socket(home: Path) -> None:
    server = Postgres(home)
    server.start()
    try:
        folder = parse_qs(urlsplit(server.url()).query)["host"][0]
        assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
    finally:
        server.stop()
    assert not Path(folder).exists()


def test_a_damaged_data_folder_is_told_with_the_servers_own_words(home: Path) -> None:
    server = Postgres(home)
    server.start()
    server.child.stop()
    (server.data / "global" / "pg_control").unlink()
    with pytest.raises(DevError, match=r"PostgreSQL did not start[\s\S]*pg_control"):
        server.start()
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user run the server")
def test_as_root_a_closed_folder_stays_closed(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    server = Postgres(closed / "data")
    server.start()
    server.stop()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert not server.data.is_relative_to(closed)


async def test_a_database_is_a_copy_of_its_template(databases: Databases, migrated_template: str) -> None:
    name = f"test_{uuid.uuid4().hex}"
    connection = await asyncpg.connect(plain(databases.create(name, migrated_template)))
    tables = await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    assert tables > 0
    databases.drop(name)
    with pytest.raises(asyncpg.PostgresConnectionError):
        await connection.fetchval("SELECT 1")
    await connection.close()


def test_a_refused_statement_names_it(databases: Databases) -> None:
    with pytest.raises(DevError, match=r"CREATE DATABASE \"postgres\"[\s\S]*already exists"):
        databases.create("postgres")


def test_a_fresh_database_has_no_tables(empty_database_url: str, database_url: str) -> None:
    assert urlsplit(empty_database_url).path != urlsplit(database_url).path


def test_valkey_starts_from_nothing_and_comes_back_at_the_same_address(home: Path) -> None:
    server = Valkey(home)
    server.start()
    try:
        with redis.Redis.from_url(server.url) as client:
            assert client.set("key", "value")
            server.child.kill()
            server.start()
            assert client.get("key") is None, "it keeps nothing: the database is the truth"
    finally:
        server.stop()
    assert not server.child.running


def test_the_redis_of_a_test_is_empty_first(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


def test_the_redis_of_a_test_is_empty_again(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
