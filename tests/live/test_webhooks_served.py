"""The API as a process, real connections, and the accidents of a real machine: what was answered with 200 is
in the database, whatever dies."""

import asyncio
import os
import random
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from tortoise.transactions import in_transaction

from backend.database import connection, database, execute, rows
from backend.live.intake import COMMIT_SECONDS
from backend.models.live import PendingSubject, Webhook
from backend.models.shop import Role, Shop
from dev.paths import ROOT, VENV_PYTHON
from dev.postgres import Databases, Postgres
from tests.live.deliveries import Signed, delivery
from tests.live.serving import Served, served

DOMAIN = "main.myshopify.com"


def product(number: int) -> Signed:
    return delivery(payload={"id": number + 1})


@pytest.fixture
async def api(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    async with database(database_url, pool_size=2):
        await Shop.create(domain=DOMAIN, role=Role.MAIN)
        async with served(database_url, redis_url, tmp_path) as process:
            yield process


async def stored() -> set[str]:
    return {row.id for row in await Webhook.all()}


async def test_a_thousand_at_once_about_a_hundred_products_are_all_stored_in_few_commits(
    api: Served,
) -> None:
    deliveries = [product(number % 100) for number in range(1_000)]
    await api.send(deliveries, at_once=250)
    assert api.answers == {each.id: [200] for each in deliveries}
    assert await stored() == {each.id for each in deliveries}
    assert await PendingSubject.all().count() == 100


async def test_each_delivery_is_stored_once_however_often_it_comes(api: Served) -> None:
    deliveries = [product(number) for number in range(100)]
    await api.send(deliveries * 5, at_once=100)
    assert api.answers == {each.id: [200] * 5 for each in deliveries}
    assert await stored() == {each.id for each in deliveries}
    assert {row.seq for row in await PendingSubject.all()} == {1}


async def test_killed_before_the_commit_it_has_answered_nothing_and_stored_nothing(api: Served) -> None:
    each = product(1)
    async with in_transaction() as other:
        await execute(other, "LOCK TABLE pending_subject IN EXCLUSIVE MODE")
        sending = asyncio.create_task(api.send([each], at_once=1))
        async with asyncio.timeout(20):
            # Its row in webhook is written, its subject is not: the transaction is open.
            while not await rows(other, "SELECT 1 FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert not sending.done()
        api.child.kill()
        await sending
    assert api.answers == {}
    await no_other_connections()
    assert await stored() == set()
    await api.start()
    await api.send([each, each], at_once=1)
    assert api.answers == {each.id: [200, 200]}
    assert await stored() == {each.id}


async def no_other_connections() -> None:
    """Until the database has noticed that the process is gone."""
    others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    async with asyncio.timeout(20):
        while await rows(connection(), f"{others} AND state = 'active'"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.slow
async def test_killed_at_any_moment_what_was_answered_is_stored_and_the_rest_comes_again(
    api: Served,
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)  # noqa: T201 - shown when the test fails
    generator = random.Random(seed)
    deliveries = [product(number) for number in range(900)]
    for _ in range(2):
        moment = generator.randrange(len(api.answers) + 1, len(api.answers) + 300)
        left = [each for each in deliveries if each.id not in api.answered()]
        sending = asyncio.create_task(api.send(left, at_once=50))
        while len(api.answers) < moment and not sending.done():  # noqa: ASYNC110
            await asyncio.sleep(0)
        api.child.kill()
        await sending
        await no_other_connections()
        assert api.answered() <= await stored()
        await api.start()
    await api.send([each for each in deliveries if each.id not in api.answered()], at_once=50)
    assert await stored() == {each.id for each in deliveries}
    assert api.answers == {each.id: [200] for each in deliveries}
    assert await PendingSubject.all().count() == len(deliveries)


@dataclass(frozen=True, slots=True)
class Own:
    """A server that a test alone may stop, and a migrated database on it."""

    server: Postgres
    url: str

    def processes(self) -> list[psutil.Process]:
        main = psutil.Process(self.server.child.pid)
        return [main, *main.children(recursive=True)]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Own]:
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)  # as root, PostgreSQL runs as another user and has to get to its data
    server = Postgres(tmp_path)
    server.start()
    url = Databases(server.url()).create("own")
    environment = {**os.environ, "DATABASE_URL": url}
    subprocess.run([VENV_PYTHON, "-m", "backend.migrate"], cwd=ROOT, env=environment, check=True)
    yield Own(server, url)
    server.stop()


@pytest.fixture
async def away(own: Own, redis_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    """Works with the database that may be away."""
    async with database(own.url, pool_size=1):
        await Shop.create(domain=DOMAIN, role=Role.MAIN)
    async with served(own.url, redis_url, tmp_path) as process:
        yield process


@pytest.mark.slow
async def test_while_the_database_is_away_deliveries_are_refused_and_afterwards_taken(
    own: Own, away: Served
) -> None:
    deliveries = [product(number) for number in range(60)]
    before, during = deliveries[:20], deliveries[20:]
    await away.send(before, at_once=20)
    own.server.child.kill()
    await away.send(during, at_once=20)
    assert away.answers == {each.id: [200] for each in before} | {each.id: [503] for each in during}
    own.server.start()
    await away.send(during, at_once=20)
    assert away.answered() == {each.id for each in deliveries}
    async with database(own.url, pool_size=1):
        assert await stored() == {each.id for each in deliveries}


@pytest.mark.slow
async def test_a_database_that_hangs_does_not_keep_shopify_waiting(own: Own, away: Served) -> None:
    deliveries = [product(number) for number in range(20)]
    await away.send([product(99)], at_once=1)
    began = asyncio.get_running_loop().time()
    frozen = own.processes()
    for each in frozen:
        each.suspend()
    try:
        await away.send(deliveries, at_once=20)
        assert away.answered(503) == {each.id for each in deliveries}
        # What the machine is slow in comes on top of the limit.
        assert asyncio.get_running_loop().time() - began < 2 * COMMIT_SECONDS
    finally:
        for each in frozen:
            each.resume()
    await away.send(deliveries, at_once=20)
    assert away.answered() >= {each.id for each in deliveries}
    async with database(own.url, pool_size=1):
        assert {each.id for each in deliveries} <= await stored()
