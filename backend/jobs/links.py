"""Links between rows and values: which products and variants belong together and what was last agreed on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, execute_many, records
from backend.sync.catalog import MediaId, ProductId, VariantId
from backend.sync.link import LinkOrigin, ProductLink, Ref, VariantLink

_LINKS = """
SELECT id, main_gid, dependent_gid, origin, base, media, gone_since FROM product_link
WHERE connection_id = $1 AND main_gid = ANY($2::text[])
"""
_VARIANT_LINKS = """
SELECT product_link_id, main_gid, dependent_gid, created_by_us, base FROM variant_link
WHERE product_link_id = ANY($1::uuid[])
"""
_DROP_RIVALS = """
DELETE FROM product_link
WHERE connection_id = $1 AND (main_gid = ANY($2::text[]) OR dependent_gid = ANY($3::text[]))
"""
_INSERT = """
INSERT INTO product_link (id, connection_id, main_gid, dependent_gid, origin, base, media, linked_at)
VALUES ($1, $2, $3, $4, $5, '{}', '{}', $6)
"""
_DROP_VARIANT_RIVALS = """
DELETE FROM variant_link
WHERE connection_id = $1 AND dependent_gid = ANY($2::text[]) AND NOT main_gid = ANY($3::text[])
"""
_PUT_VARIANT = """
INSERT INTO variant_link (connection_id, product_link_id, main_gid, dependent_gid, created_by_us, base)
VALUES ($1, $2, $3, $4, $5, '{}')
ON CONFLICT (connection_id, main_gid) DO UPDATE SET
    product_link_id = excluded.product_link_id, created_by_us = excluded.created_by_us,
    base = CASE WHEN variant_link.dependent_gid = excluded.dependent_gid THEN variant_link.base ELSE '{}' END,
    dependent_gid = excluded.dependent_gid
"""
_GONE = "UPDATE product_link SET gone_since = $2 WHERE id = ANY($1::uuid[])"
_PRODUCT_BASE = """
UPDATE product_link SET base = (base - $2::text[]) || $3::jsonb, media = media || $4::jsonb WHERE id = $1
"""
_VARIANT_BASE = """
UPDATE variant_link SET base = (base - $3::text[]) || $4::jsonb
WHERE connection_id = $1 AND dependent_gid = $2
"""


@dataclass(frozen=True, slots=True)
class StoredLink:
    """`gone`: the main product was gone when it was last looked at."""

    id: UUID
    link: ProductLink
    gone: bool = False


@dataclass(frozen=True, slots=True)
class LinkUpdate:
    """What one product's plan or outcome changes in its link: `variants` and `media` are new ties, `agreed`
    and `forgotten` base entries by the dependent's ids. `product` is the dependent's product."""

    id: UUID
    product: ProductId
    variants: Sequence[VariantLink] = ()
    media: Mapping[MediaId, MediaId] | None = None
    agreed: Mapping[Ref, str] | None = None
    forgotten: Iterable[Ref] = ()


def _key(ref: Ref) -> str:
    return f"{ref.field}:{ref.key}" if ref.key else str(ref.field)


def _base_of(subject: str, stored: str) -> Iterable[tuple[Ref, str]]:
    for key, mark in orjson.loads(stored).items():
        name, _, rest = key.partition(":")
        yield Ref(subject, name, rest), mark


async def load_links(
    client: BaseDBAsyncClient, connection: UUID, main_products: Iterable[ProductId]
) -> dict[ProductId, StoredLink]:
    """The links of these main products, whole, in two statements."""
    found = await records(client, _LINKS, connection, sorted(set(main_products)))
    if not found:
        return {}
    variants: defaultdict[UUID, dict[VariantId, VariantLink]] = defaultdict(dict)
    bases: dict[UUID, dict[Ref, str]] = {
        row["id"]: dict(_base_of(row["dependent_gid"], row["base"])) for row in found
    }
    for row in await records(client, _VARIANT_LINKS, [row["id"] for row in found]):
        tie = VariantLink(VariantId(row["main_gid"]), VariantId(row["dependent_gid"]), row["created_by_us"])
        variants[row["product_link_id"]][tie.main] = tie
        bases[row["product_link_id"]].update(_base_of(row["dependent_gid"], row["base"]))
    links = {}
    for row in found:
        main = ProductId(row["main_gid"])
        links[main] = StoredLink(
            row["id"],
            ProductLink(
                main=main,
                dependent=ProductId(row["dependent_gid"]),
                origin=LinkOrigin(row["origin"]),
                variants=variants.get(row["id"], {}),
                media=orjson.loads(row["media"]),
                base=bases[row["id"]],
            ),
            row["gone_since"] is not None,
        )
    return links


async def put_links(
    client: BaseDBAsyncClient, connection: UUID, links: Sequence[ProductLink], now: datetime
) -> dict[ProductId, UUID]:
    """Store new links without their variants; an older link of either product is dropped. The ids by main
    product."""
    if not links:
        return {}
    await execute(
        client, _DROP_RIVALS, connection, [each.main for each in links], [each.dependent for each in links]
    )
    ids = {each.main: uuid4() for each in links}
    await execute_many(
        client,
        _INSERT,
        [(ids[each.main], connection, each.main, each.dependent, each.origin.value, now) for each in links],
    )
    return ids


async def drop_links(client: BaseDBAsyncClient, links: Sequence[UUID]) -> None:
    if links:
        await execute(client, "DELETE FROM product_link WHERE id = ANY($1::uuid[])", list(links))


async def mark_links(
    client: BaseDBAsyncClient, gone: Sequence[UUID], back: Sequence[UUID], now: datetime
) -> None:
    """Remember whose main product is gone, and whose came back."""
    if gone:
        await execute(client, _GONE, list(gone), now)
    if back:
        await execute(client, _GONE, list(back), None)


async def update_links(client: BaseDBAsyncClient, connection: UUID, updates: Sequence[LinkUpdate]) -> None:
    """Store new ties and agreements, in a constant number of statements."""
    ties = sorted(
        (
            (connection, each.id, tie.main, tie.dependent, tie.created_by_us)
            for each in updates
            for tie in each.variants
        ),
        key=lambda row: row[2],
    )
    if ties:
        mains, dependents = [row[2] for row in ties], [row[3] for row in ties]
        await execute(client, _DROP_VARIANT_RIVALS, connection, dependents, mains)
        await execute_many(client, _PUT_VARIANT, ties)
    products: list[tuple[UUID, list[str], str, str]] = []
    variants: list[tuple[UUID, str, list[str], str]] = []
    for each in updates:
        agreed: defaultdict[str, dict[str, str]] = defaultdict(dict)
        forgotten: defaultdict[str, list[str]] = defaultdict(list)
        for ref, mark in (each.agreed or {}).items():
            agreed[ref.subject][_key(ref)] = mark
        for ref in each.forgotten:
            forgotten[ref.subject].append(_key(ref))
        subjects = agreed.keys() | forgotten.keys()
        if each.product in subjects or each.media:
            own = (forgotten[each.product], _json(agreed[each.product]), _json(each.media or {}))
            products.append((each.id, *own))
        variants.extend(
            (connection, subject, forgotten[subject], _json(agreed[subject]))
            for subject in subjects
            if subject != each.product
        )
    await execute_many(client, _PRODUCT_BASE, sorted(products, key=lambda row: row[0]))
    await execute_many(client, _VARIANT_BASE, sorted(variants, key=lambda row: row[1]))


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
