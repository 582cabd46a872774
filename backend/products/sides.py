"""One product of a dependent with all that its values follow from: main's product, the link, the rules, and
what people have said about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from backend.database import connection as pool
from backend.errors import ErrorCode
from backend.jobs.context import Context, context_of
from backend.jobs.links import StoredLink, load_links
from backend.jobs.mirror_read import load_products
from backend.jobs.page_plan import load_references
from backend.models.connection import Connection
from backend.models.link import Hold as HoldRow
from backend.models.link import HoldReason, ProductLink
from backend.models.live import LocalEdit
from backend.parity.local import Value
from backend.sync.catalog import LocationId, MediaId, Product, ProductId, Variant, VariantId
from backend.sync.comparison import Hold
from backend.sync.explain import Standing, standing
from backend.sync.fields import PRODUCT_FIELDS, VARIANT_FIELDS, Field
from backend.sync.fingerprint import Json, value_hash
from backend.sync.link import Ref
from backend.sync.references import is_synced
from backend.sync.rules import desired
from backend.sync.values import metafield_key, read_value

# What is left to the dependent is not read there either: nobody knows what it says.
UNREAD = frozenset({Standing.GROUP_OFF, Standing.FIELD_OFF})
_OF_VARIANTS = (Field.PRICE, Field.COMPARE_AT_PRICE, *VARIANT_FIELDS)
_OF_BOTH = frozenset({Field.METAFIELD})
VARIANT_VALUES = frozenset({*_OF_VARIANTS, Field.STOCK, Field.VARIANT_MEDIA}) | _OF_BOTH
PRODUCT_VALUES = frozenset({*PRODUCT_FIELDS, Field.OPTIONS, Field.MEDIA}) | _OF_BOTH


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one value: what main says, what the dependent should say and what it does say, all
    None where it is `standing` that nobody reads it. `code` is why it is paused."""

    value: Value
    main: Json
    wanted: Json
    dependent: Json
    standing: Standing
    code: ErrorCode | None

    @property
    def equal(self) -> bool:
        if self.value.field is Field.STOCK:
            return (self.dependent or 0) == (self.wanted or 0)
        return self.dependent == self.wanted


@dataclass(frozen=True, slots=True)
class Sides:
    """`main` and `wanted` are None without a link, or where main's product is gone; `dependent` where the
    mirror does not have it. `edits` are values that somebody edited in the dependent and the settings
    kept."""

    context: Context
    product: ProductId
    stored: StoredLink | None
    main: Product | None
    dependent: Product | None
    wanted: Product | None
    refused: Mapping[Ref, ErrorCode]
    holds: Mapping[Ref, HoldRow]
    edits: frozenset[Ref]

    @property
    def title(self) -> str:
        shown = self.main or self.dependent
        return shown.title if shown is not None else ""

    def main_variant(self, variant: VariantId | None) -> VariantId | None:
        """Main's counterpart of the dependent's variant."""
        if variant is None or self.stored is None:
            return None
        ties = self.stored.link.variants.values()
        return next((tie.main for tie in ties if tie.dependent == variant), None)

    def known(self, value: Value) -> Known:
        field, key, ref = value.field, value.key, value.ref
        mine = self.main_variant(value.variant)
        reachable = value.variant is None or mine is not None
        tracked = True
        if self.main is not None and mine is not None:
            counted = [each.tracked for each in self.main.variants if each.id == mine]
            tracked = all(counted)
        wanted = _read(self.wanted, field, self._main_key(field, key), mine) if reachable else None
        hold = self.holds.get(ref)
        found, code = standing(
            field,
            key,
            self.context.rules,
            hold=None if hold is None else Hold(hold.main_hash),
            undone=hold is not None and hold.reason is HoldReason.UNDONE,
            kept_edit=ref in self.edits,
            wanted_hash=value_hash(wanted),
            tracked=tracked,
        )
        if found is Standing.MAIN and (refused := self.refused.get(Ref(mine or self._main_id(), field, key))):
            found, code = Standing.PAUSED, refused
        if found in UNREAD:
            return Known(value, None, None, None, found, code)
        if found in (Standing.PAUSED, Standing.NOT_FED, Standing.UNTRACKED):
            wanted = None
        return Known(
            value,
            self._main_value(field, key, mine) if reachable else None,
            wanted,
            _read(self.dependent, field, key, value.variant),
            found,
            code,
        )

    def product_values(self) -> list[Value]:
        """The values of the product itself that the settings own, in the order of the fields."""
        owned = self.context.rules.owned
        fields = [each for each in Field if each in owned and each in (*PRODUCT_FIELDS, Field.OPTIONS)]
        found = [Value(self.product, None, each) for each in fields]
        found += self._metafields(self.wanted, self.dependent, None)
        if Field.MEDIA in owned and self.stored is not None and self.dependent is not None:
            linked = frozenset(self.stored.link.media.values())
            there = [each.id for each in self.dependent.media if each.id in linked]
            found += [Value(self.product, None, Field.MEDIA, each) for each in there]
        return found

    def variant_values(self, variant: Variant) -> list[Value]:
        """The same of one of the dependent's variants."""
        owned, places = self.context.rules.owned, self.context.rules.location_map
        found = [Value(self.product, variant.id, each) for each in _OF_VARIANTS if each in owned]
        if Field.STOCK in owned:
            targets = sorted({*places.sources, *places.inactive})
            found += [Value(self.product, variant.id, Field.STOCK, each) for each in targets]
        mine = self.main_variant(variant.id)
        counterpart = None
        if self.wanted is not None and mine is not None:
            counterpart = next((each for each in self.wanted.variants if each.id == mine), None)
        return found + list(self._metafields(counterpart, variant, variant.id))

    def _metafields(
        self, wanted: Product | Variant | None, there: Product | Variant | None, variant: VariantId | None
    ) -> Iterator[Value]:
        if Field.METAFIELD not in self.context.rules.owned:
            return
        namespaces = self.context.settings.metafield_namespaces
        keys = {
            metafield_key(each)
            for owner in (wanted, there)
            if owner is not None
            for each in owner.metafields
            if is_synced(each, namespaces)
        }
        for key in sorted(keys):
            yield Value(self.product, variant, Field.METAFIELD, key)

    def _main_id(self) -> str:
        return "" if self.stored is None else self.stored.link.main

    def _main_key(self, field: Field, key: str) -> str:
        """Media have ids of their own in both shops."""
        if field is not Field.MEDIA or self.stored is None:
            return key
        media = self.stored.link.media
        return next((mine for mine, theirs in media.items() if theirs == MediaId(key)), MediaId(""))

    def _main_value(self, field: Field, key: str, mine: VariantId | None) -> Json:
        if field is Field.STOCK:
            sources = self.context.rules.location_map.sources.get(LocationId(key), ())
            variants = () if self.main is None else self.main.variants
            levels = next((each.stock for each in variants if each.id == mine), None)
            return None if levels is None or not sources else sum(levels.get(each, 0) for each in sources)
        return _read(self.main, field, self._main_key(field, key), mine)


def _read(product: Product | None, field: Field, key: str, variant: VariantId | None) -> Json:
    """None also where the product has no such variant."""
    if product is None or (variant is None and field in VARIANT_VALUES - _OF_BOTH):
        return None
    try:
        return read_value(product, Field.OPTION_ORDER if field is Field.OPTIONS else field, key, variant)
    except KeyError:
        return None


async def load_sides(tie: Connection, product: ProductId) -> Sides:
    """`tie` with both shops fetched, `product` of its dependent; in a constant number of statements."""
    context = await context_of(tie)
    row = await ProductLink.get_or_none(connection_id=tie.id, dependent_gid=product)
    main_id = None if row is None else ProductId(row.main_gid)
    links = {} if main_id is None else await load_links(pool(), tie.id, [main_id])
    stored = None if main_id is None else links.get(main_id)
    mains = {} if main_id is None else await load_products(pool(), tie.main_id, [main_id])
    main = None if main_id is None else mains.get(main_id)
    dependent = (await load_products(pool(), tie.dependent_id, [product])).get(product)
    wanted, refused = None, {}
    if main is not None:
        references = await load_references(pool(), tie.id, [main], context.rules)
        projected = desired(main, replace(context.rules, references=references))
        wanted, refused = projected.product, {each.ref: each.code for each in projected.refused}
    holds = await HoldRow.filter(connection_id=tie.id, product_gid=product)
    edits = await LocalEdit.filter(connection_id=tie.id, product_gid=product, kept=True)
    return Sides(
        context=context,
        product=product,
        stored=stored,
        main=main,
        dependent=dependent,
        wanted=wanted,
        refused=refused,
        holds={Ref(each.subject, each.field, each.key): each for each in holds},
        edits=frozenset(Ref(each.subject, each.field, each.key) for each in edits),
    )
