"""What the rows of one answer need besides themselves, fetched once for all of them.

Keys come from rows that a scope handed out. A page of fifty jobs and a page of two cost the same number of
statements.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeAlias, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from backend.database import connection, rows
from backend.models.call import Call
from backend.models.connection import Connection, ConnectionState, LocationMapping, SyncSettingsVersion
from backend.models.job import Job, Lease
from backend.models.link import VariantLink
from backend.models.shop import Shop, ShopLocation, ShopToken
from backend.parity.delay import Delay, delays_of
from backend.parity.share import Parity, parity_of

K = TypeVar("K")
V = TypeVar("V")

# A loader of its owner's own, made when it is first asked for.
Made: TypeAlias = cached_property[DataLoader[K, V]]

_LINKED = """
SELECT connection_id AS key, count(*) AS number FROM product_link
WHERE connection_id = ANY($1::uuid[]) GROUP BY connection_id
"""
_LINKED_OF_SHOP = """
SELECT key, count(DISTINCT gid) AS number FROM (
    SELECT c.main_id AS key, l.main_gid AS gid
    FROM connection c JOIN product_link l ON l.connection_id = c.id
    WHERE c.main_id = ANY($1::uuid[]) AND c.state <> 'DISCONNECTED'
    UNION ALL
    SELECT c.dependent_id, l.dependent_gid
    FROM connection c JOIN product_link l ON l.connection_id = c.id
    WHERE c.dependent_id = ANY($1::uuid[]) AND c.state <> 'DISCONNECTED'
) AS tied GROUP BY key
"""
_AVAILABLE = """
SELECT s.id AS key, count(p.id) AS number FROM shop s
LEFT JOIN mirror_product p ON p.shop_id = s.id AND p.gone_at IS NULL
WHERE s.id = ANY($1::uuid[])
  AND (p.id IS NOT NULL OR EXISTS (SELECT 1 FROM refresh r WHERE r.shop_id = s.id AND r.state = 'DONE'))
GROUP BY s.id
"""
_CONFLICTS = """
SELECT connection_id AS key, count(*) AS number FROM conflict
WHERE connection_id = ANY($1::uuid[]) AND state = 'OPEN' GROUP BY connection_id
"""
_HELD = """
SELECT c.connection_id AS key, count(*) AS number FROM change c JOIN job j ON j.id = c.job_id
WHERE c.connection_id = ANY($1::uuid[]) AND c.state = 'HELD' AND j.kind <> 'PREVIEW'
GROUP BY c.connection_id
"""
_ASIDE = """
SELECT connection_id AS key, count(*) AS number FROM dirty_product
WHERE connection_id = ANY($1::uuid[]) AND set_aside_at IS NOT NULL GROUP BY connection_id
"""
# A product that waits on several connections of a main is one.
_WAITING_FOR_PLAN = """
SELECT s.id AS key,
       count(DISTINCT w.main_gid) FILTER (
           WHERE (c.main_id = s.id AND w.by_main) OR (c.dependent_id = s.id AND w.by_dependent)
       ) AS own,
       count(DISTINCT w.main_gid) AS all
FROM unnest($1::uuid[]) AS s (id)
JOIN connection c ON s.id IN (c.main_id, c.dependent_id) AND c.state <> 'DISCONNECTED'
JOIN waiting_product w ON w.connection_id = c.id
GROUP BY s.id
"""
_LAST_JOB = """
SELECT newest.id FROM unnest($1::uuid[]) AS c (id)
CROSS JOIN LATERAL (
    SELECT id FROM job WHERE connection_id = c.id AND kind <> 'CHECK'
    ORDER BY created_at DESC, id DESC LIMIT 1
) AS newest
"""
_BY_ACTION = """
SELECT job_id AS key, lane, action, field, state, count(*) AS number FROM change
WHERE job_id = ANY($1::uuid[]) GROUP BY job_id, lane, action, field, state
ORDER BY lane DESC, action, field, state
"""
_SETTINGS = """
SELECT v.id FROM sync_settings_version v
JOIN connection c ON c.id = v.connection_id AND c.settings_version = v.version
WHERE c.id = ANY($1::uuid[])
"""
_TITLES = """
SELECT p.shop_id, p.gid, p.title FROM mirror_product p
JOIN unnest($1::uuid[], $2::text[]) AS wanted (shop_id, gid)
    ON wanted.shop_id = p.shop_id AND wanted.gid = p.gid
"""

# A shop, and Shopify's id of something in it.
ShopKey = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class WaitingTally:
    """Products that wait for the shop's own plan, and those that wait for another shop's alone."""

    own: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class ActionTally:
    lane: str
    action: str
    field: str
    state: str
    number: int


def _loader(load: Callable[[list[K]], Awaitable[Mapping[K, V]]]) -> Made[K, V | None]:
    async def batch(keys: list[K]) -> list[V | None]:
        found = await load(keys)
        return [found.get(key) for key in keys]

    return cached_property(lambda _: DataLoader(load_fn=batch))


def _sure(load: Callable[[list[K]], Awaitable[Mapping[K, V]]]) -> Made[K, V]:
    """For rows that a foreign key promises."""

    async def batch(keys: list[K]) -> list[V]:
        found = await load(keys)
        return [found[key] for key in keys]

    return cached_property(lambda _: DataLoader(load_fn=batch))


def _counter(sql: str) -> Made[UUID, int]:
    async def batch(keys: list[UUID]) -> list[int]:
        found = {row["key"]: int(row["number"]) for row in await rows(connection(), sql, keys)}
        return [found.get(key, 0) for key in keys]

    return cached_property(lambda _: DataLoader(load_fn=batch))


async def _shops(ids: list[UUID]) -> Mapping[UUID, Shop]:
    return {row.id: row for row in await Shop.filter(id__in=ids)}


async def _installed(domains: list[str]) -> Mapping[str, bool]:
    """By domain; a shop that has never opened the app is absent."""
    return {row.domain: row.uninstalled_at is None for row in await Shop.filter(domain__in=domains)}


async def _within_reach(ids: list[UUID]) -> Mapping[UUID, bool]:
    """Whether the app has access to the shop."""
    found = set(await ShopToken.filter(shop_id__in=ids).values_list("shop_id", flat=True))
    return {each: each in found for each in ids}


async def _connections(ids: list[UUID]) -> Mapping[UUID, Connection]:
    return {row.id: row for row in await Connection.filter(id__in=ids)}


async def _connections_of_dependents(ids: list[UUID]) -> Mapping[UUID, Connection]:
    """The tie of each dependent that has not ended."""
    alive = Connection.filter(dependent_id__in=ids).exclude(state=ConnectionState.DISCONNECTED)
    return {row.dependent_id: row for row in await alive}


async def _settings(ids: list[UUID]) -> Mapping[UUID, SyncSettingsVersion]:
    """The version in force, by connection."""
    found = await rows(connection(), _SETTINGS, ids)
    kept = await SyncSettingsVersion.filter(id__in=[row["id"] for row in found])
    return {row.connection_id: row for row in kept}


async def _mappings(ids: list[UUID]) -> Mapping[UUID, list[LocationMapping]]:
    found: dict[UUID, list[LocationMapping]] = defaultdict(list)
    for row in await LocationMapping.filter(connection_id__in=ids).order_by("created_at", "id"):
        found[row.connection_id].append(row)
    return found


async def _locations(keys: list[ShopKey]) -> Mapping[ShopKey, ShopLocation]:
    shops, gids = {shop for shop, _ in keys}, {gid for _, gid in keys}
    found = await ShopLocation.filter(shop_id__in=shops, gid__in=gids)
    return {(row.shop_id, row.gid): row for row in found}


async def _available(ids: list[UUID]) -> Mapping[UUID, int]:
    """Products by shop; a shop that was never read is absent."""
    return {row["key"]: int(row["number"]) for row in await rows(connection(), _AVAILABLE, ids)}


async def _waiting_for_plan(ids: list[UUID]) -> Mapping[UUID, WaitingTally]:
    """A shop that nothing waits in is absent."""
    found = await rows(connection(), _WAITING_FOR_PLAN, ids)
    return {row["key"]: WaitingTally(int(row["own"]), int(row["all"]) - int(row["own"])) for row in found}


async def _last_jobs(ids: list[UUID]) -> Mapping[UUID, Job]:
    newest = [row["id"] for row in await rows(connection(), _LAST_JOB, ids)]
    return {row.connection_id: row for row in await Job.filter(id__in=newest)}


async def _jobs(ids: list[UUID]) -> Mapping[UUID, Job]:
    return {row.id: row for row in await Job.filter(id__in=ids)}


async def _leased_until(ids: list[UUID]) -> Mapping[UUID, datetime]:
    """How long a worker has the right to work on the job; a job that none holds is absent."""
    resources = {f"job:{each}": each for each in ids}
    return {resources[row.resource]: row.expires_at for row in await Lease.filter(resource__in=resources)}


async def _calls(ids: list[UUID]) -> Mapping[UUID, Call]:
    return {row.id: row for row in await Call.filter(id__in=ids)}


async def _by_action(ids: list[UUID]) -> Mapping[UUID, list[ActionTally]]:
    found: dict[UUID, list[ActionTally]] = defaultdict(list)
    for row in await rows(connection(), _BY_ACTION, ids):
        tally = ActionTally(row["lane"], row["action"], row["field"], row["state"], int(row["number"]))
        found[row["key"]].append(tally)
    return found


async def _variants(ids: list[UUID]) -> Mapping[UUID, list[VariantLink]]:
    found: dict[UUID, list[VariantLink]] = defaultdict(list)
    for row in await VariantLink.filter(product_link_id__in=ids).order_by("id"):
        found[row.product_link_id].append(row)
    return found


async def _parity(ids: list[UUID]) -> Mapping[UUID, Parity]:
    return await parity_of(ids)


async def _delays(keys: list[tuple[UUID, datetime]]) -> Mapping[tuple[UUID, datetime], list[Delay]]:
    since = min(start for _, start in keys)
    found = await delays_of([connection for connection, _ in keys], since)
    return {key: found.get(key[0], []) for key in keys}


async def _titles(keys: list[ShopKey]) -> Mapping[ShopKey, str]:
    shops, gids = [shop for shop, _ in keys], [gid for _, gid in keys]
    found = await rows(connection(), _TITLES, shops, gids)
    return {(row["shop_id"], row["gid"]): row["title"] for row in found}


class Loaders:
    """One set per operation; a subscription takes a new one for every event, since loaders remember."""

    shop = _sure(_shops)
    installed = _loader(_installed)
    within_reach = _sure(_within_reach)
    connection = _sure(_connections)
    connection_of_dependent = _loader(_connections_of_dependents)
    settings = _loader(_settings)
    mappings = _loader(_mappings)
    location = _loader(_locations)
    linked = _counter(_LINKED)
    linked_of_shop = _counter(_LINKED_OF_SHOP)
    waiting_for_plan = _loader(_waiting_for_plan)
    available = _loader(_available)
    open_conflicts = _counter(_CONFLICTS)
    held_changes = _counter(_HELD)
    products_aside = _counter(_ASIDE)
    last_job = _loader(_last_jobs)
    job = _sure(_jobs)
    leased_until = _loader(_leased_until)
    call = _loader(_calls)
    by_action = _loader(_by_action)
    variants = _loader(_variants)
    title = _loader(_titles)
    parity = _sure(_parity)
    delays = _loader(_delays)
