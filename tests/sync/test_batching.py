from collections.abc import Iterable
from itertools import count

from backend.sync.batching import batch, resolve
from backend.sync.catalog import InventoryItemId, MediaId, ProductId, VariantId
from backend.sync.changeset import Action, Change, Changeset
from backend.sync.diff import plan_product
from backend.sync.fields import Field, Lane
from backend.sync.link import ProductLink, VariantLink
from backend.sync.writes import (
    AttachVariantMedia,
    ChangeId,
    CreateProduct,
    DeleteMetafields,
    ReorderMedia,
    ReorderVariants,
    SetMetafields,
    SetStock,
    UpdateProduct,
    UpdateVariants,
    VariantMedia,
    Write,
    change_ids,
)
from tests.sync.factories import HERE, image, product, rules, text, variant


def writes(changes: Iterable[Change]) -> list[Write]:
    numbers = count(1)
    return list(batch((ChangeId(next(numbers)), change) for change in changes))


def stock(item: int) -> Change:
    return Change(
        Lane.STOCK,
        Action.SET,
        Field.STOCK,
        key="there",
        product=ProductId(f"p{item // 5:05}"),
        variant=VariantId(f"v{item}"),
        inventory_item=InventoryItemId(f"i{item}"),
        before=1,
        after=2,
    )


def price(number: int, product: str = "p") -> Change:
    return Change(
        Lane.PRICE,
        Action.SET,
        Field.PRICE,
        product=ProductId(product),
        variant=VariantId(f"v{number}"),
        before="1.00",
        after="2.00",
    )


def test_stock_of_many_products_shares_calls() -> None:
    found = writes(stock(number) for number in range(10_000))
    assert [len(write.entries) for write in found if isinstance(write, SetStock)] == [250] * 40
    assert len(found) == 40
    first = found[0]
    assert isinstance(first, SetStock)
    assert (first.entries[0].quantity, first.entries[0].change_from) == (2, 1)
    assert [entry.change for entry in first.entries] == list(range(1, 251))


def test_prices_of_a_product_stand_together() -> None:
    found = writes([price(number) for number in range(260)] + [price(1, "q")])
    assert [(write.product, len(write.variants)) for write in found if isinstance(write, UpdateVariants)] == [
        ("p", 250),
        ("p", 10),
        ("q", 1),
    ]
    assert len(found) == 3


def test_metafields_of_many_products_share_calls() -> None:
    changes = [
        Change(
            Lane.DETAILS,
            Action.SET,
            Field.METAFIELD,
            key=f"custom.ns.key{number}",
            product=ProductId(f"p{number:02}"),
            after=None if number % 2 else {"type": "t", "value": "v"},
        )
        for number in range(60)
    ]
    found = writes(changes)
    assert [len(write.entries) for write in found if isinstance(write, SetMetafields)] == [25, 5]
    assert [len(write.entries) for write in found if isinstance(write, DeleteMetafields)] == [25, 5]
    entry = next(write for write in found if isinstance(write, SetMetafields)).entries[0]
    assert (entry.owner, entry.namespace, entry.key, entry.type) == ("p00", "custom.ns", "key0", "t")


def test_fields_of_a_product_are_one_write() -> None:
    changes = [
        Change(Lane.DETAILS, Action.SET, field, product=ProductId("p"), after="x")
        for field in (Field.TITLE, Field.VENDOR)
    ]
    assert [type(write) for write in writes(changes)] == [UpdateProduct]


def test_creation_carries_the_product_back() -> None:
    main = product(
        variant(1, "S", tracked=True, stock={HERE: 3}), media=(image("a"),), metafields=(text("fit", "slim"),)
    )
    (write,) = writes(plan_product(main, None, None, rules()).changes)
    assert isinstance(write, CreateProduct)
    assert write.origin == "main.myshopify.com/1"
    assert write.publish
    assert (write.product.id, write.product.variants[0].stock) == (main.id, {"dependent-shop": 3})
    assert write.product.metafields == main.metafields


def attachment(**fields: object) -> AttachVariantMedia:
    entry = VariantMedia(
        ChangeId(1),
        fields.get("variant"),  # type: ignore[arg-type]
        VariantId("mine"),
        None,
        MediaId("main-picture"),
        None,
    )
    return AttachVariantMedia(ProductId("p"), (entry,))


def test_resolving_mains_ids_when_the_write_is_sent() -> None:
    link = ProductLink(
        ProductId("m"),
        ProductId("p"),
        variants={VariantId("mine"): VariantLink(VariantId("mine"), VariantId("theirs"))},
        media={MediaId("main-picture"): MediaId("picture")},
    )
    found = resolve(attachment(), link)
    assert isinstance(found, AttachVariantMedia)
    assert (found.variants[0].variant, found.variants[0].media) == ("theirs", "picture")
    assert resolve(attachment(), ProductLink(ProductId("m"), ProductId("p"))) is None
    assert resolve(attachment(), None) is None
    order = ReorderVariants(ChangeId(1), ProductId("p"), (VariantId("unknown"), VariantId("mine")))
    resolved = resolve(order, link)
    assert isinstance(resolved, ReorderVariants)
    assert resolved.variants == ("theirs",)
    media = resolve(ReorderMedia(ChangeId(1), ProductId("p"), (MediaId("main-picture"),)), link)
    assert isinstance(media, ReorderMedia)
    assert media.media == ("picture",)


def test_every_change_is_in_one_write() -> None:
    changes = Changeset.of([price(1), stock(1), stock(2), price(2)])
    for lane in (Lane.STOCK, Lane.PRICE):
        chosen = [change for change in changes if change.lane is lane]
        assert sorted(gid for write in writes(chosen) for gid in change_ids(write)) == [1, 2]
