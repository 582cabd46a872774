"""What a job works with: its connection, both shops, the settings that apply and the rules that follow from
them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from backend.errors import ErrorCode, FatalError
from backend.models.connection import Connection, ConnectionState, LocationMapping, SyncSettingsVersion
from backend.models.job import Job, JobKind, Trigger
from backend.models.shop import Shop, ShopLocation
from backend.shopify.wanted import Wanted
from backend.sync.catalog import LocationId, ShopFacts
from backend.sync.fingerprint import value_hash
from backend.sync.rules import Rules
from backend.sync.settings import ProductScope, SyncSettings
from backend.sync.settings_json import dump_settings, load_settings
from backend.sync.stock import location_map

# Where nothing is chosen yet, a job tells what would match and owns no value.
NOTHING_CHOSEN = SyncSettings(products=ProductScope.MATCHED, details=False, prices=False, quantities=False)

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


async def facts_of(main: Shop, dependent: Shop) -> tuple[ShopFacts, ShopFacts]:
    """What is known of both shops, in one statement."""
    closed: dict[UUID, list[LocationId]] = {main.id: [], dependent.id: []}
    places = ShopLocation.filter(shop_id__in=[main.id, dependent.id], is_active=False)
    for each in await places.order_by("gid"):
        closed[each.shop_id].append(LocationId(each.gid))
    return _facts(main, closed[main.id]), _facts(dependent, closed[dependent.id])


def _facts(shop: Shop, closed: Sequence[LocationId]) -> ShopFacts:
    place = shop.primary_location_gid
    primary = None if place is None else LocationId(place)
    return ShopFacts(shop.domain, shop.currency, primary, tuple(closed))


def is_repair(job: Job) -> bool:
    """Whether a person asked: then mirrored stock is written wherever it differs. A follow-up inherits it."""
    return bool(job.payload.get("repair", job.trigger in (Trigger.MANUAL, Trigger.API)))


async def load_context(job: Job) -> Context:
    connection = await Connection.get(id=job.connection_id).prefetch_related("main", "dependent")
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
    main, dependent = connection.main, connection.dependent
    version = connection.settings_version
    settings = NOTHING_CHOSEN
    if candidate is not None:
        settings = load_settings(candidate)
    elif version is not None:
        saved = await SyncSettingsVersion.get(connection_id=connection.id, version=version)
        settings = load_settings(saved.values)
    chosen = candidate is not None or version is not None
    mappings = [
        (LocationId(each.main_gid), LocationId(each.dependent_gid))
        for each in await LocationMapping.filter(connection_id=connection.id).order_by("main_gid")
    ]
    ours, theirs = await facts_of(main, dependent)
    rules = Rules(
        settings=settings,
        main=ours,
        dependent=theirs,
        location_map=location_map(mappings, ours, theirs),
        variant_limit=dependent.variant_limit,
        repair=repair,
    )
    return Context(
        connection=connection.id,
        main=main,
        dependent=dependent,
        settings=settings,
        version=None if candidate is not None else version,
        chosen=chosen,
        dry=dry or not chosen,
        rules=rules,
    )


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
    for connection in await alive.prefetch_related("main", "dependent").order_by("id"):
        wanted = wanted | (await context_of(connection)).main_wanted
    return replace(wanted, origin=False)
