"""A page costs the same number of SQL statements however many rows it has."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from backend.database import connection
from backend.jobs import ending
from backend.models.job import JobState
from backend.models.shop import Role
from tests.api import (
    Api,
    a_change,
    a_connection,
    a_difference,
    a_job,
    a_link,
    a_local_edit,
    a_product_aside,
    chosen,
)

JOBS = """query($first: Int!) { jobs(first: $first) { edges { node { id state actions
    unattended progress { fraction }
    counts { applied byAction { action count } }
    connection { id permissions openConflicts heldChanges productCounts { linked available }
        syncSettings { version } locationMappings { id } lastJob { id }
        parity { share reasons { count } } delay { median } oversellWindow productsSetAside
        main { domain productCounts { linked } } dependent { domain connection { id } } } } } } }"""
SUSPENDED = """query($first: Int!) { connections(first: $first) {
    nodes { dependent { domain installed } shopsToOpen { domain installed } } } }"""
LINKS = """query($first: Int!, $id: ID!) { links(connectionId: $id, first: $first) {
    edges { node { title variants { mainVariantId } } } } }"""

PAGE = """query($after: String) { jobs(first: 3, after: $after) {
    nodes { id } totalCount pageInfo { endCursor hasNextPage } } }"""


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that goes through the pool while the context is open."""
    client = type(connection())
    seen: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("execute_query", "execute_query_dict"):
            original = getattr(client, name)

            async def noted(self, sql, values=None, _original=original):  # type: ignore[no-untyped-def]
                seen.append(sql)
                return await _original(self, sql, values)

            patch.setattr(client, name, noted)
        yield seen


async def test_fifty_jobs_cost_what_two_cost(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    main, _, tie = await api.a_pair()
    await chosen(tie)
    for number in range(50):
        job = await a_job(tie, state=JobState.RUNNING)
        await a_change(job, number + 1)
    counts = []
    for first in (2, 50):
        with counted(monkeypatch) as statements:
            data = await api.ask(main.domain, JOBS, {"first": first})
        assert len(data["jobs"]["edges"]) == first
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert 5 < counts[0] < 40


async def test_a_hundred_links_cost_what_two_cost(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    main, _, tie = await api.a_pair()
    for number in range(100):
        await a_link(tie, number)
    counts = []
    for first in (2, 100):
        with counted(monkeypatch) as statements:
            data = await api.ask(main.domain, LINKS, {"first": first, "id": str(tie.id)})
        assert len(data["links"]["edges"]) == first
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert 4 < counts[0] < 12


DIFFERENCES = """query($first: Int!, $id: ID!) { differences(connectionId: $id, first: $first) {
    edges { node { title location { name } } } } }"""
EDITS = """query($first: Int!, $id: ID!) { localEdits(connectionId: $id, first: $first) {
    edges { node { title } } } }"""
ASIDE = """query($first: Int!, $id: ID!) { setAsideProducts(connectionId: $id, first: $first) {
    edges { node { title } } } }"""


@pytest.mark.parametrize("query", [DIFFERENCES, EDITS, ASIDE])
async def test_lists_of_the_live_sync_cost_the_same(
    api: Api, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    main, _, tie = await api.a_pair()
    for number in range(40):
        await a_difference(tie, number, field="STOCK", key=f"gid://shopify/Location/{number}")
        await a_local_edit(tie, number)
        await a_product_aside(tie, number)
    counts = []
    for first in (2, 40):
        with counted(monkeypatch) as statements:
            data = await api.ask(main.domain, query, {"first": first, "id": str(tie.id)})
        (found,) = data.values()
        assert len(found["edges"]) == first
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert 2 < counts[0] < 10


async def test_what_many_suspended_connections_wait_for_costs_the_same(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = await api.a_shop("main", Role.MAIN)
    for number in range(12):
        dependent = await api.a_shop(f"dependent-{number}", Role.DEPENDENT)
        await a_connection(main, dependent)
        await ending.suspend(dependent.id)
    counts = []
    for first in (2, 12):
        with counted(monkeypatch) as statements:
            data = await api.ask(main.domain, SUSPENDED, {"first": first})
        found = data["connections"]["nodes"]
        assert [each["shopsToOpen"] for each in found] == [[each["dependent"]] for each in found]
        assert len(found) == first
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert 3 < counts[0] < 12


async def test_pages_follow_each_other_without_gap_or_repetition(api: Api) -> None:
    main, _, tie = await api.a_pair()
    made = {str((await a_job(tie)).id) for _ in range(7)}
    seen: list[str] = []
    after: str | None = None
    for size in (3, 3, 1):
        found = (await api.ask(main.domain, PAGE, {"after": after}))["jobs"]
        assert (len(found["nodes"]), found["totalCount"]) == (size, 7)
        seen += [node["id"] for node in found["nodes"]]
        after = found["pageInfo"]["endCursor"]
        assert found["pageInfo"]["hasNextPage"] is (size == 3)
    assert len(seen) == 7
    assert set(seen) == made
