"""What a job works with: its connection, both shops, the settings that apply and the rules that follow from
them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from uuid import UUID

import orjson

from backend.database import connection, rows
from backend.errors import ErrorCode, FatalError
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Job, JobKind, Trigger
from backend.models.shop import Shop
from backend.shopify.wanted import Wanted
from backend.sync.catalog import LocationId, ShopFacts
from backend.sync.fingerprint import value_hash
from backend.sync.rules import Rules
from backend.sync.settings import ProductScope, SyncSettings
from backend.sync.settings_json import dump_settings, load_settings
from backend.sync.stock import location_map

# Where nothing is chosen yet, a job tells what would match and owns no value.
NOTHING_CHOSEN = SyncSettings(products=ProductScope.MATCHED, details=False, prices=False, quantities=False)

_SETTINGS = """
SELECT v.connection_id, v.values FROM sync_settings_version v
JOIN unnest($1::uuid[], $2::int[]) AS wanted (id, version)
  ON wanted.id = v.connection_id AND wanted.version = v.version
"""
_MAPPINGS = """
SELECT connection_id, main_gid, dependent_gid FROM location_mapping
WHERE connection_id = ANY($1::uuid[]) ORDER BY connection_id, main_gid
"""
_CLOSED = """
SELECT shop_id, gid FROM shop_location WHERE shop_id = ANY($1::uuid[]) AND NOT is_active ORDER BY shop_id, gid
"""

_STOPPED = {
    ConnectionState.PAUSED: ErrorCode.CONNECTION_PAUSED,
    ConnectionState.SUSPENDED: ErrorCode.CONNECTION_SUSPENDED,
    ConnectionState.DISCONNECTED: ErrorCode.NOT_CONNECTED,
}


class ConnectionStoppedError(FatalError):
    """The connection was paused, suspended or ended while the job ran."""


@dataclass(frozen=True, slots=True)
class Context:
    """`chosen` is False while the dependent has not chosen its settings. `dry`: nothing but the job's own
    changes may be written."""

    connection: UUID
    main: Shop
    dependent: Shop
    settings: SyncSettings
    version: int | None
    chosen: bool
    dry: bool
    rules: Rules

    @property
    def main_wanted(self) -> Wanted:
        sources = {place for places in self.rules.location_map.sources.values() for place in places}
        return Wanted.by(self.settings, tuple(sorted(sources)), origin=False)

    @property
    def dependent_wanted(self) -> Wanted:
        return Wanted.by(self.settings, tuple(sorted(self.rules.location_map.sources)))

    @property
    def basis(self) -> str:
        """A hash of all that a read and a plan follow from, beside the catalogues: settings, locations and
        currencies."""
        sources = self.rules.location_map.sources
        return value_hash(
            {
                "chosen": self.chosen,
                "settings": dump_settings(self.settings),
                "locations": {target: list(sources[target]) for target in sources},
                "main": asdict(self.rules.main),
                "dependent": asdict(self.rules.dependent),
            }
        )


def is_repair(job: Job) -> bool:
    """Whether a person asked: then mirrored stock is written wherever it differs. A follow-up inherits it."""
    return bool(job.payload.get("repair", job.trigger in (Trigger.MANUAL, Trigger.API)))


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored of connections beside their rows. `settings` and `mappings` by connection, `closed` by
    shop."""

    settings: Mapping[UUID, SyncSettings]
    mappings: Mapping[UUID, Sequence[tuple[LocationId, LocationId]]]
    closed: Mapping[UUID, Sequence[LocationId]]

    def facts(self, shop: Shop) -> ShopFacts:
        place = shop.primary_location_gid
        primary = None if place is None else LocationId(place)
        return ShopFacts(shop.domain, shop.currency, primary, tuple(self.closed.get(shop.id, ())))


async def connection_of(job: Job) -> Connection:
    """With both shops."""
    return await Connection.get(id=job.connection_id).select_related("main", "dependent")


async def load_context(job: Job) -> Context:
    return await context_of_job(job, await connection_of(job))


async def context_of_job(job: Job, connection: Connection) -> Context:
    """`connection` is the job's, both shops fetched."""
    return await context_of(
        connection,
        candidate=job.payload.get("settings"),
        dry=job.kind in (JobKind.PREVIEW, JobKind.CHECK),
        repair=is_repair(job),
    )


async def context_of(
    connection: Connection,
    *,
    candidate: dict[str, object] | None = None,
    dry: bool = False,
    repair: bool = False,
) -> Context:
    """`connection` with both shops fetched; `candidate` are settings in JSON that nobody has saved yet."""
    stored = await _stored([connection])
    settings = stored.settings.get(connection.id) if candidate is None else load_settings(candidate)
    version = connection.settings_version if candidate is None else None
    return _context(connection, stored, settings, version, dry=dry, repair=repair)


async def contexts_of(connections: Sequence[Connection]) -> list[Context]:
    """Of connections with both shops fetched, in the same order; in as many statements as for one."""
    stored = await _stored(connections)
    return [
        _context(each, stored, stored.settings.get(each.id), each.settings_version) for each in connections
    ]


def _context(
    connection: Connection,
    stored: _Stored,
    settings: SyncSettings | None,
    version: int | None,
    *,
    dry: bool = False,
    repair: bool = False,
) -> Context:
    main, dependent = connection.main, connection.dependent
    ours, theirs = stored.facts(main), stored.facts(dependent)
    rules = Rules(
        settings=settings or NOTHING_CHOSEN,
        main=ours,
        dependent=theirs,
        location_map=location_map(stored.mappings.get(connection.id, ()), ours, theirs),
        variant_limit=dependent.variant_limit,
        repair=repair,
    )
    return Context(
        connection=connection.id,
        main=main,
        dependent=dependent,
        settings=rules.settings,
        version=version,
        chosen=settings is not None,
        dry=dry or settings is None,
        rules=rules,
    )


async def _stored(connections: Sequence[Connection]) -> _Stored:
    ids = [each.id for each in connections]
    shops = [shop for each in connections for shop in (each.main_id, each.dependent_id)]
    client = connection()
    settings = {
        row["connection_id"]: load_settings(orjson.loads(row["values"]))
        for row in await rows(client, _SETTINGS, ids, [each.settings_version for each in connections])
    }
    mappings: dict[UUID, list[tuple[LocationId, LocationId]]] = defaultdict(list)
    for row in await rows(client, _MAPPINGS, ids):
        pair = LocationId(row["main_gid"]), LocationId(row["dependent_gid"])
        mappings[row["connection_id"]].append(pair)
    closed: dict[UUID, list[LocationId]] = defaultdict(list)
    for row in await rows(client, _CLOSED, shops):
        closed[row["shop_id"]].append(LocationId(row["gid"]))
    return _Stored(settings, mappings, closed)


def check_alive(state: ConnectionState, *, dry: bool) -> None:
    """Raises ConnectionStoppedError unless work may go on; a paused connection can still be previewed."""
    if state is ConnectionState.ACTIVE or (dry and state is ConnectionState.PAUSED):
        return
    raise ConnectionStoppedError(f"the connection is {state.lower()}", code=_STOPPED[state])


async def wanted_of_main(main: UUID, own: Wanted) -> Wanted:
    """What one read of a main shop has to bring for all its dependents, and for the job that asks. A paused
    one's products are marked by what was read, so what it owns is read too."""
    wanted = own
    living = [ConnectionState.ACTIVE, ConnectionState.PAUSED]
    alive = Connection.filter(main_id=main, state__in=living, settings_version__not_isnull=True)
    for each in await contexts_of(await alive.select_related("main", "dependent").order_by("id")):
        wanted = wanted | each.main_wanted
    return replace(wanted, origin=False)
