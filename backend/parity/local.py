"""A person's word on one value of a dependent: it stays as it is there, or main's counts again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.access.locked import by_itself, locked_connection
from backend.access.policy import Guard
from backend.database import rows
from backend.errors import ErrorCode, NotFound, UserError
from backend.jobs.ending import recount
from backend.jobs.links import LinkUpdate, update_links
from backend.jobs.queue import Queue, transaction
from backend.jobs.requests import new_job
from backend.models.connection import ConnectionState
from backend.models.job import Job, JobKind, Trigger
from backend.models.link import Hold, HoldReason, ProductLink, VariantLink
from backend.models.live import Difference, DifferenceReason, LocalEdit
from backend.sync.catalog import ProductId, VariantId
from backend.sync.fields import Field
from backend.sync.link import Ref

# Stock follows the stock mode, and what exists is no value.
_NEVER_KEPT = frozenset({Field.STOCK, Field.PRODUCT, Field.VARIANT})

_HOLD = """
INSERT INTO hold (id, connection_id, product_gid, subject, field, key, reason, main_hash, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8)
ON CONFLICT (connection_id, subject, field, key) DO UPDATE SET
    reason = excluded.reason, main_hash = NULL, created_at = excluded.created_at
RETURNING id
"""
_TAKE_BACK = """
UPDATE change SET state = 'SKIPPED', code = 'CHANGED_MEANWHILE'
WHERE connection_id = $1 AND product_gid = $2 AND variant_gid = $3 AND field = $4 AND key = $5
  AND state IN ('PLANNED', 'HELD')
  AND job_id IN (SELECT id FROM job WHERE connection_id = $1 AND kind <> 'PREVIEW')
RETURNING job_id
"""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of one of the dependent's products, or of its `variant`; `field` and `key` as in a change."""

    product: ProductId
    variant: VariantId | None
    field: Field
    key: str = ""

    @property
    def ref(self) -> Ref:
        return Ref(self.variant or self.product, self.field.value, self.key)

    @property
    def row(self) -> dict[str, Any]:
        """The columns by which rows of the value are found."""
        return {"subject": self.ref.subject, "field": self.ref.field, "key": self.ref.key}


async def keep_local(connection: UUID, value: Value, *, now: datetime, allow: Guard = by_itself) -> Hold:
    """Leave the dependent's value alone until a person releases it, whatever main says. What is planned for
    it and not sent yet is not written any more.

    Raises NotFound where the product is not linked, or UserError INVALID_INPUT for what can't be kept.
    """
    if value.field in _NEVER_KEPT:
        raise UserError(ErrorCode.INVALID_INPUT, "This can't be kept local.", field=("field",))
    async with transaction() as client:
        await locked_connection(client, connection, allow)
        await _link(client, connection, value)
        ref = value.ref
        made = await rows(
            client, _HOLD, uuid4(), connection, value.product, *ref, HoldReason.KEPT_LOCAL.value, now
        )
        await LocalEdit.filter(connection_id=connection, **value.row).using_db(client).update(kept=True)
        differing = Difference.filter(connection_id=connection, **value.row).using_db(client)
        await differing.update(reason=DifferenceReason.HELD)
        taken = await rows(
            client, _TAKE_BACK, connection, value.product, value.variant or "", ref.field, ref.key
        )
        for job in {row["job_id"] for row in taken}:
            await recount(client, job)
        return await Hold.get(id=made[0]["id"], using_db=client)


async def use_main_value(
    connection: UUID, value: Value, *, now: datetime, allow: Guard = by_itself, created_by: str = ""
) -> Job | None:
    """Let main's value through, whatever kept it back: a hold, or settings that keep local edits. The job
    that writes it, None while the connection is not active.

    Raises NotFound where the product is not linked.
    """
    async with transaction() as client:
        tie = await locked_connection(client, connection, allow)
        link = await _link(client, connection, value)
        await Hold.filter(connection_id=connection, **value.row).using_db(client).delete()
        await LocalEdit.filter(connection_id=connection, **value.row).using_db(client).delete()
        # Without an agreement nothing is a local edit: main's value wins.
        await update_links(client, connection, [LinkUpdate(link.id, value.product, forgotten=[value.ref])])
        if tie.state is not ConnectionState.ACTIVE:
            return None
        payload = {"main_products": [link.main_gid], "products": [value.product]}
        return await new_job(
            client, connection, JobKind.RESOLVE, Trigger.MANUAL, payload, now, by=created_by, queue=Queue.LIVE
        )


async def _link(client: BaseDBAsyncClient, connection: UUID, value: Value) -> ProductLink:
    link = await ProductLink.get_or_none(
        connection_id=connection, dependent_gid=value.product, using_db=client
    )
    if link is None:
        raise NotFound(field=("productId",))
    if value.variant is not None:
        tie = VariantLink.filter(product_link_id=link.id, dependent_gid=value.variant).using_db(client)
        if not await tie.exists():
            raise NotFound(field=("variantId",))
    return link
