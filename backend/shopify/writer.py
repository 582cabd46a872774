"""Carries out the writes of a changeset, each with Shopify's cheapest mutation that touches nothing else."""

from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from backend.errors import ErrorCode
from backend.shopify.client import ShopClient
from backend.shopify.outcome import WriteResult
from backend.shopify.write_creation import ShopMemory, by_origin, create_product, publish
from backend.shopify.write_media import add_media, attach_variant_media, remove_media, set_media
from backend.shopify.write_products import (
    delete_product,
    reorder_media,
    reorder_options,
    reorder_variants,
    restructure,
    update_product,
)
from backend.shopify.write_stock import adjust_stock, set_stock
from backend.shopify.write_variants import (
    create_variants,
    delete_metafields,
    delete_variants,
    set_metafields,
    update_variants,
)
from backend.sync.catalog import ProductId
from backend.sync.writes import (
    AddMedia,
    AdjustStock,
    AttachVariantMedia,
    CreateProduct,
    CreateVariants,
    DeleteMetafields,
    DeleteProduct,
    DeleteVariants,
    RemoveMedia,
    ReorderMedia,
    ReorderOptions,
    ReorderVariants,
    Restructure,
    SetMedia,
    SetMetafields,
    SetStock,
    UpdateProduct,
    UpdateVariants,
    Write,
)


@dataclass(frozen=True, slots=True)
class CatalogWriter:
    """`memory` spares asking the same of a shop again; whoever keeps it between writers saves some points."""

    client: ShopClient
    memory: ShopMemory = field(default_factory=ShopMemory)

    async def execute(self, write: Write, idempotency_key: UUID | None = None) -> WriteResult:
        """Every change of the write has an outcome in the result: partial failures are outcomes, not
        exceptions.

        `idempotency_key` counts for SetStock and AdjustStock alone: the same write under the same key has
        effect once. Raises what `ShopClient.query` raises. After an `Unavailable` with `sent`, any other
        write may have taken effect, wholly or in part: read again, never send again.
        """
        result = await self._execute(write, idempotency_key)
        if isinstance(write, CreateProduct):
            # Whoever reads what is made reads it after it was made.
            return result
        return replace(result, observed_at=self.client.clock.now())

    async def _execute(self, write: Write, idempotency_key: UUID | None) -> WriteResult:
        client = self.client
        match write:
            case SetStock():
                return await set_stock(client, write, idempotency_key or uuid4())
            case AdjustStock():
                return await adjust_stock(client, write, idempotency_key or uuid4())
            case UpdateVariants():
                return await update_variants(client, write)
            case UpdateProduct():
                return await update_product(client, write)
            case SetMetafields():
                return await set_metafields(client, write)
            case DeleteMetafields():
                return await delete_metafields(client, write)
            case CreateProduct():
                return await create_product(client, self.memory, write)
            case CreateVariants():
                return await create_variants(client, write)
            case Restructure():
                return await restructure(client, write)
            case DeleteVariants():
                return await delete_variants(client, write)
            case DeleteProduct():
                return await delete_product(client, write)
            case AddMedia():
                return await add_media(client, write)
            case SetMedia():
                return await set_media(client, write)
            case RemoveMedia():
                return await remove_media(client, write)
            case AttachVariantMedia():
                return await attach_variant_media(client, write)
            case ReorderOptions():
                return await reorder_options(client, write)
            case ReorderVariants():
                return await reorder_variants(client, write)
            case ReorderMedia():
                return await reorder_media(client, write)

    async def by_origin(self, origin: str) -> ProductId | None:
        """The product that a creation with this origin made: how an unanswered creation is looked up."""
        return await by_origin(self.client, origin)

    async def publish(self, product: ProductId) -> ErrorCode | None:
        """Publish to the online store, once more without effect; the code of what stands against it. Raises
        RetryError."""
        return await publish(self.client, self.memory, product)
