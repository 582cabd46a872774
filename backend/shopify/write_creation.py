"""Creates products: productSet addressed by the app-owned id metafield, so that one sent twice is one
product."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from backend.errors import AccessLost, ErrorCode, FatalError, RetryError, Unavailable
from backend.shopify import decode, inputs
from backend.shopify.answer import Answer, user_errors
from backend.shopify.client import ShopClient
from backend.shopify.created import CreatedReader
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.outcome import Applied, Complaint, Outcome, WriteResult, complaints
from backend.sync.catalog import MediaId, Product, ProductId, Variant
from backend.sync.origin import KEY, NAMESPACE, TYPE
from backend.sync.writes import ChangeId, CreateProduct

# Shopify's own name of the sales channel, the same in every language.
ONLINE_STORE = "Online Store"


@dataclass(slots=True)
class ShopMemory:
    """What is asked of a shop once and then known: whether it has the definition of the id metafield, and its
    online store. `publication` is "" where it can't be published to, for want of a scope or a channel.
    `created` reads for all creations side by side what they made."""

    has_definition: bool = False
    publication: str | None = None
    asking: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    created: CreatedReader = field(default_factory=CreatedReader, repr=False)


async def create_product(client: ShopClient, memory: ShopMemory, write: CreateProduct) -> WriteResult:
    """Make the product, publish it, read what came into being."""
    with memory.created.creating():
        await ensure_definition(client, memory)
        answer, found = await _send(client, write, with_handle=True)
        if write.product.handle and found and all("handle" in each.field for each in found):
            # Another product has the handle: Shopify then finds a free one by the title.
            answer, found = await _send(client, write, with_handle=False)
        if found:
            refused = {write.change: found[0].outcome}
            return WriteResult(refused, answer.observed_at, receipts={write.change: answer.receipt})
        with decoding():
            node = answer.data["productSet"]["product"]
        if node is None:
            raise Unavailable("Shopify answers neither a product nor an error")
        with decoding():
            product_id = ProductId(node["id"])
        try:
            note = await publish(client, memory, product_id) if write.publish else None
        except RetryError as error:
            # It exists: it has to be looked up and published. Sending it again would make its variants anew.
            raise Unavailable("the product was created and not published yet", after=error.after) from error
    outcomes: dict[ChangeId, Outcome] = {write.change: Applied(note)}
    created = {str(write.product.id): str(product_id)}
    receipts = {write.change: answer.receipt}
    try:
        node = await memory.created.read(client, product_id, write.product)
    except RetryError:
        node = None
    if node is None:
        # It was made, whatever became of it or of the reading: the next read finds the rest.
        return WriteResult(outcomes, answer.observed_at, created=created, receipts=receipts)
    with decoding():
        product, created = _made(write.product, write.origin, node)
    return WriteResult(outcomes, answer.observed_at, created=created, products=(product,), receipts=receipts)


async def by_origin(client: ShopClient, origin: str) -> ProductId | None:
    """The product that a creation with this origin made, however that ended for us."""
    identifier = {"namespace": NAMESPACE, "key": KEY, "value": origin}
    answer = await client.query(document("ProductByOrigin"), {"origin": identifier})
    with decoding():
        node = answer.data["productByIdentifier"]
        return ProductId(node["id"]) if node else None


async def _send(
    client: ShopClient, write: CreateProduct, *, with_handle: bool
) -> tuple[Answer, tuple[Complaint, ...]]:
    variables = {
        "identifier": {"customId": {"namespace": NAMESPACE, "key": KEY, "value": write.origin}},
        "input": inputs.product_set(write.product, write.origin, with_handle=with_handle),
    }
    answer = await client.query(document("CreateProduct"), variables)
    with decoding():
        return answer, complaints(user_errors(answer.data["productSet"]))


def _made(wanted: Product, origin: str, node: Any) -> tuple[Product, dict[str, str]]:
    """The product as answered, and main's ids by which the answer's were made.

    What costs points to ask for is taken as it was sent. Variants and media are answered in the order sent;
    where their number or SKUs say otherwise they are not tied, and the next read pairs them.
    """
    read = decode.product(node)
    variants = [decode.variant(each, ()) for each in decode.nodes(node, "variants")]
    created: dict[str, str] = {wanted.id: read.id}
    ordered = sorted(variants, key=lambda each: each.position)
    same = [each.sku for each in ordered] == [each.sku for each in wanted.variants]
    media = tuple(each for each in wanted.media if each.url)
    media_same = len(read.media) == len(media)
    media_ids: dict[MediaId, MediaId] = {}
    if media_same:
        media_ids = {sent.id: one.id for sent, one in zip(media, read.media, strict=True)}
        created.update({str(sent): one for sent, one in media_ids.items()})
    if same:
        created.update({sent.id: one.id for sent, one in zip(wanted.variants, ordered, strict=True)})
        ordered = [_variant(sent, one, media_ids) for sent, one in zip(wanted.variants, ordered, strict=True)]
    product = replace(
        read,
        category_id=wanted.category_id,
        seo_title=wanted.seo_title,
        seo_description=wanted.seo_description,
        origin=origin,
        options=wanted.options or inputs.DEFAULT_OPTION,
        variants=tuple(ordered),
        metafields=wanted.metafields,
    )
    return product, created


def _variant(sent: Variant, answered: Variant, media: dict[MediaId, MediaId]) -> Variant:
    return replace(
        answered,
        options=sent.options or inputs.DEFAULT_OPTION_VALUE,
        weight=sent.weight,
        media_id=media.get(sent.media_id) if sent.media_id else None,
        metafields=sent.metafields,
        stock=dict(sent.stock),
    )


async def ensure_definition(client: ShopClient, memory: ShopMemory) -> None:
    """The definition of type `id`, without which productSet takes no customId. Two workers may create it at
    once."""
    async with memory.asking:
        if not memory.has_definition:
            await _define(client)
            memory.has_definition = True


async def _define(client: ShopClient) -> None:
    answer = await client.query(document("OriginDefinition"), {"namespace": NAMESPACE, "key": KEY})
    with decoding():
        existing = answer.data["metafieldDefinition"]
        kind = existing["type"]["name"] if existing else None
    if kind not in (None, TYPE):
        raise FatalError(f"the metafield definition {NAMESPACE}.{KEY} has type {kind} instead of {TYPE}")
    if kind is None:
        definition = {
            "name": "Synced from",
            "namespace": NAMESPACE,
            "key": KEY,
            "type": TYPE,
            "ownerType": "PRODUCT",
            "capabilities": {"uniqueValues": {"enabled": True}},
        }
        answer = await client.query(document("CreateOriginDefinition"), {"definition": definition})
        with decoding():
            found = complaints(user_errors(answer.data["metafieldDefinitionCreate"]))
        if found and any(each.code != "TAKEN" for each in found):
            raise FatalError(f"the metafield definition {NAMESPACE}.{KEY} is refused: {found[0].message}")


async def publish(client: ShopClient, memory: ShopMemory, product: ProductId) -> ErrorCode | None:
    """Publish to the online store, once more without effect; the code of what stands against it, which does
    not undo the creation. Raises RetryError."""
    try:
        publication = await publication_of(client, memory)
        if not publication:
            return ErrorCode.SCOPE_MISSING
        variables = {"id": product, "publicationId": publication}
        answer = await client.query(document("Publish"), variables)
    except AccessLost as error:
        if error.code is not ErrorCode.SCOPE_MISSING:
            raise
        memory.publication = ""
        return ErrorCode.SCOPE_MISSING
    with decoding():
        found = user_errors(answer.data["publishablePublish"])
    return ErrorCode.SHOPIFY_REFUSED if found else None


async def publication_of(client: ShopClient, memory: ShopMemory) -> str:
    """Where products are published; "" where they can't be, for want of a scope or a channel. Raises
    RetryError."""
    if memory.publication is None:
        try:
            memory.publication = await _online_store(client)
        except AccessLost as error:
            if error.code is not ErrorCode.SCOPE_MISSING:
                raise
            memory.publication = ""
    return memory.publication


async def _online_store(client: ShopClient) -> str:
    """The gid of the online store's publication; "" where the shop has none."""
    answer = await client.query(document("Publications"), {"first": 54})
    with decoding():
        nodes = answer.data["publications"]["nodes"]
        return next((str(node["id"]) for node in nodes if node["name"] == ONLINE_STORE), "")
