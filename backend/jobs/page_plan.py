"""The plan of a page of main products: the facts read in a constant number of statements, the decisions left
to the engine.

Nothing is written here; `record` does.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.billing.room import Lacking, Room
from backend.database import rows
from backend.errors import ErrorCode
from backend.jobs.candidates import load_candidates, load_decisions
from backend.jobs.context import Context
from backend.jobs.links import StoredLink, load_links
from backend.jobs.mirror_read import gone_products, gone_variants, load_products
from backend.sync import diff, gone, match
from backend.sync.catalog import Product, ProductId
from backend.sync.changeset import Change
from backend.sync.link import ProductLink, Ref
from backend.sync.rules import Rules, references_of

# A product deleted and made again, or moved by an import, is back within this time and links again.
GRACE = timedelta(minutes=10)

_HOLDS = """
SELECT product_gid, subject, field, key, main_hash FROM hold
WHERE connection_id = $1 AND product_gid = ANY($2::text[])
"""
_REFERENCES = """
SELECT main_gid, dependent_gid FROM product_link WHERE connection_id = $1 AND main_gid = ANY($2::text[])
UNION ALL
SELECT main_gid, dependent_gid FROM variant_link WHERE connection_id = $1 AND main_gid = ANY($2::text[])
"""

Holds = Mapping[Ref, diff.Hold]

_OBSERVED = "SELECT gid, observed_at FROM mirror_product WHERE shop_id = $1 AND gid = ANY($2::text[])"


@dataclass(slots=True)
class PagePlan:
    """What is to be stored. `fresh` are new links; `diffs` by main product, with the link they belong to
    (None for a product that is to be created); `dropped` are links that end; `gone` those whose main product
    is gone, `back` those whose came back. `waiting` are main products that the shops' plans have no room for.
    `counts` tell how the products were matched, `in_grace` which main products are to be looked at once more
    when the time of grace is over. `unread` are those that could not be compared, with their twins, which the
    mirror does not have. `freed` are the dependent's products whose main product is gone or selected no more,
    so that another may have them; `holders` the main products because of whose links others conflict."""

    changes: list[Change] = field(default_factory=list)
    fresh: list[ProductLink] = field(default_factory=list)
    stored: dict[ProductId, StoredLink] = field(default_factory=dict)
    diffs: dict[ProductId, diff.Diff] = field(default_factory=dict)
    dropped: list[UUID] = field(default_factory=list)
    gone: list[UUID] = field(default_factory=list)
    back: list[UUID] = field(default_factory=list)
    conflicts: list[match.Conflict] = field(default_factory=list)
    waiting: dict[ProductId, Lacking] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    in_grace: set[ProductId] = field(default_factory=set)
    unread: dict[ProductId, ProductId] = field(default_factory=dict)
    freed: set[ProductId] = field(default_factory=set)
    holders: set[ProductId] = field(default_factory=set)

    def join(self, other: "PagePlan") -> None:
        """Add what another plan of the same page has found, about other products."""
        self.changes.extend(other.changes)
        self.fresh.extend(other.fresh)
        self.stored.update(other.stored)
        self.diffs.update(other.diffs)
        self.dropped.extend(other.dropped)
        self.gone.extend(other.gone)
        self.back.extend(other.back)
        self.conflicts.extend(other.conflicts)
        self.waiting.update(other.waiting)
        self.counts.update(other.counts)
        self.in_grace.update(other.in_grace)
        self.unread.update(other.unread)
        self.freed |= other.freed
        self.holders |= other.holders


async def load_holds(
    client: BaseDBAsyncClient, connection: UUID, products: Iterable[ProductId]
) -> dict[str, Holds]:
    """Holds by the dependent's product."""
    found: dict[str, dict[Ref, diff.Hold]] = {}
    for row in await rows(client, _HOLDS, connection, sorted(set(products))):
        holds = found.setdefault(row["product_gid"], {})
        holds[Ref(row["subject"], row["field"], row["key"])] = diff.Hold(row["main_hash"])
    return dict(found)


async def when_read(
    client: BaseDBAsyncClient, shop: UUID, products: Collection[ProductId]
) -> dict[ProductId, datetime]:
    """When the products were last read from the shop."""
    found = await rows(client, _OBSERVED, shop, sorted(products))
    return {ProductId(row["gid"]): row["observed_at"] for row in found}


async def load_references(
    client: BaseDBAsyncClient, connection: UUID, products: Iterable[Product], rules: Rules
) -> Mapping[str, str]:
    """What the products' metafields refer to, in the dependent's ids; what is not linked is absent."""
    gids = sorted(frozenset().union(*(references_of(each, rules) for each in products)))
    if not gids:
        return {}
    return {
        row["main_gid"]: row["dependent_gid"] for row in await rows(client, _REFERENCES, connection, gids)
    }


async def plan_page(
    client: BaseDBAsyncClient,
    context: Context,
    gids: Sequence[ProductId],
    now: datetime,
    *,
    room: Room | None = None,
) -> PagePlan:
    """The plan for these main products. `room` says what may still be linked, and is taken from; None for
    anything."""
    plan = PagePlan()
    main = await load_products(client, context.main.id, gids)
    products = [main[gid] for gid in gids if gid in main]
    links = await load_links(client, context.connection, main)
    decisions = await load_decisions(client, context.connection, products)
    chosen = [each.product for each in decisions.values() if each.product is not None]
    lost = await gone_products(
        client, context.dependent.id, [*(each.link.dependent for each in links.values()), *chosen], now
    )
    # Whom a person has linked it to is gone: it is matched as if nobody had.
    decisions = {gid: each for gid, each in decisions.items() if each.product not in lost}
    plan.dropped.extend(each.id for each in links.values() if each.link.dependent in lost)
    links = {gid: each for gid, each in links.items() if each.link.dependent not in lost}
    candidates = await load_candidates(
        client,
        context.connection,
        context.main.id,
        context.main.domain,
        context.dependent.id,
        [each for each in products if each.id not in links or each.id in decisions],
        decisions,
    )
    matched = _match(plan, context, products, links, candidates, room)
    dependents = await load_products(
        client, context.dependent.id, [each.dependent for each in matched.values() if each]
    )
    holds = await load_holds(client, context.connection, dependents)
    references = await load_references(
        client, context.connection, [main[gid] for gid in matched], context.rules
    )
    rules = replace(context.rules, references=references)
    absent: dict[ProductId, diff.Diff] = {}
    for gid, link in matched.items():
        dependent = dependents.get(link.dependent) if link else None
        if link is not None and dependent is None:
            # Shopify told of it a moment ago, and the mirror does not have it: the next read will.
            plan.counts["products.unread"] += 1
            plan.unread[gid] = link.dependent
            plan.fresh = [each for each in plan.fresh if each is not link]
            continue
        found = diff.plan_product(
            main[gid], dependent, link, rules, holds.get(link.dependent, {}) if link else {}
        )
        plan.diffs[gid] = found
        plan.changes.extend(found.changes)
        plan.conflicts.extend(found.conflicts)
        plan.counts.update(f"refused.{each.code}" for each in found.refused)
        plan.counts["edits.kept"] += sum(each.kept for each in found.local_edits)
        plan.counts["edits.overwritten"] += sum(not each.kept for each in found.local_edits)
        plan.counts["values.held"] += len(found.held)
        if found.absent:
            absent[gid] = found
    await _absent_variants(client, plan, context, rules, absent, matched, dependents, holds, now)
    plan.counts = +plan.counts
    return plan


def _match(
    plan: PagePlan,
    context: Context,
    products: Sequence[Product],
    links: Mapping[ProductId, StoredLink],
    candidates: Mapping[ProductId, match.Candidates],
    room: Room | None,
) -> dict[ProductId, ProductLink | None]:
    """The products that have something to compare: their link, or None for a creation."""
    matched: dict[ProductId, ProductLink | None] = {}
    for product in products:
        stored = links.get(product.id)
        found = match.match_product(
            product,
            link=stored.link if stored else None,
            candidates=candidates.get(product.id, match.Candidates()),
            settings=context.settings,
            variant_limit=context.rules.variant_limit,
        )
        match found:
            case match.Linked(fresh=False) if stored is not None:
                plan.stored[product.id] = stored
                if stored.gone:
                    plan.back.append(stored.id)
                matched[product.id] = stored.link
                plan.counts["products.linked"] += 1
            case match.Linked() | match.Create() if room and (lacking := room.take(product.id)):
                plan.waiting[product.id] = lacking
                plan.counts[f"refused.{ErrorCode.PRODUCT_LIMIT_REACHED}"] += 1
            case match.Linked(target, origin):
                link = ProductLink(product.id, target, origin)
                plan.fresh.append(link)
                matched[product.id] = link
                plan.counts["products.linked"] += 1
            case match.Create():
                matched[product.id] = None
                plan.counts["products.created"] += 1
            case match.Conflict():
                plan.conflicts.append(found)
                plan.holders.update(set(candidates[product.id].taken.values()) - {product.id})
                plan.counts["products.conflicting"] += 1
            case match.Unselected():
                plan.counts["products.unselected"] += 1
                if stored is not None:
                    plan.dropped.append(stored.id)
                    plan.freed.add(stored.link.dependent)
            case match.Unmatched(ignored):
                plan.counts["products.ignored" if ignored else "products.unmatched"] += 1
    return matched


async def _absent_variants(
    client: BaseDBAsyncClient,
    plan: PagePlan,
    context: Context,
    rules: Rules,
    absent: Mapping[ProductId, diff.Diff],
    matched: Mapping[ProductId, ProductLink | None],
    dependents: Mapping[ProductId, Product],
    holds: Mapping[str, Holds],
    now: datetime,
) -> None:
    """What becomes of linked variants whose main variant is confirmed gone."""
    suspects = [each.main for found in absent.values() for each in found.absent]
    if not suspects:
        return
    lost = await gone_variants(client, context.main.id, suspects, now)
    over = await gone_variants(client, context.main.id, suspects, now - GRACE)
    for gid, found in absent.items():
        # One that the mirror has forgotten was settled long ago.
        if any(each.main in lost and each.main not in over for each in found.absent):
            plan.in_grace.add(gid)
        link = matched[gid]
        confirmed = [each.main for each in found.absent if each.main in over]
        if link is not None and confirmed:
            dependent = dependents[link.dependent]
            own = holds.get(link.dependent, {})
            plan.changes.extend(gone.gone_variants(dependent, link, confirmed, rules, own))


_GONE_LINKS = """
SELECT l.main_gid, p.gone_at FROM product_link l
JOIN mirror_product p ON p.shop_id = $2 AND p.gid = l.main_gid AND p.gone_at IS NOT NULL
WHERE l.connection_id = $1 AND l.main_gid > $3 AND ($4::text[] IS NULL OR l.main_gid = ANY($4::text[]))
ORDER BY l.main_gid LIMIT $5
"""


async def next_gone(
    client: BaseDBAsyncClient,
    context: Context,
    after: str = "",
    *,
    only: Sequence[ProductId] | None = None,
    limit: int = 250,
) -> dict[ProductId, datetime]:
    """The next linked products that are gone from main, by ascending id, and since when."""
    chosen = None if only is None else list(only)
    found = await rows(client, _GONE_LINKS, context.connection, context.main.id, after, chosen, limit)
    return {ProductId(row["main_gid"]): row["gone_at"] for row in found}


async def plan_gone(
    client: BaseDBAsyncClient, context: Context, found: Mapping[ProductId, datetime], now: datetime
) -> PagePlan:
    """The plan for linked products that are gone from main, since when they are."""
    plan = PagePlan()
    due = {gid for gid, gone_at in found.items() if gone_at <= now - GRACE}
    plan.in_grace.update(found.keys() - due)
    links = await load_links(client, context.connection, found)
    plan.freed.update(each.link.dependent for each in links.values())
    links = {gid: each for gid, each in links.items() if gid in due}
    dependents = await load_products(
        client, context.dependent.id, [each.link.dependent for each in links.values()]
    )
    holds = await load_holds(client, context.connection, dependents)
    for stored in links.values():
        if not stored.gone:
            plan.gone.append(stored.id)
        dependent = dependents.get(stored.link.dependent)
        if dependent is None:
            plan.dropped.append(stored.id)
            continue
        own = holds.get(dependent.id, {})
        plan.changes.extend(gone.gone_product(dependent, stored.link, context.rules, own))
        plan.counts["products.gone"] += 1
    return plan
