"""Linking and unlinking by hand, and what stands in between."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from backend.errors import ErrorCode, NotFound, UserError
from backend.jobs.runtime import Runtime
from backend.models.connection import Connection, ConnectionState
from backend.models.job import ChangeState, Job, JobKind, JobState
from backend.models.link import Conflict, ConflictState, Hold, ProductLink
from backend.models.mirror import MirrorProduct
from backend.products.linking import link_products, unlink_products
from backend.products.unlinked import Side, UnlinkedReason, count_free, free, unlinked
from backend.sync.catalog import ProductId
from backend.sync.link import LinkOrigin
from backend.sync.settings import ProductScope, Selection, SyncSettings
from sandbox.commands.products import delete_product
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.edits import edit_variant
from sandbox.store.product import Product
from tests.jobs.world import EVERYTHING, World
from tests.products.conftest import draft, id_of, sync

MATCHED = SyncSettings(products=ProductScope.MATCHED, prices=True, quantities=False)


async def _tie(world: World) -> Connection:
    return await Connection.get(id=world.connection.id).prefetch_related("main", "dependent")


async def link(world: World, mine: Product, theirs: Product) -> Job:
    made = await link_products(
        world.connection.id, id_of(mine), id_of(theirs), now=world.now(), created_by="7"
    )
    return await world.finished(made)


async def reasons(world: World, text: str = "") -> dict[str, UnlinkedReason | None]:
    return {each.product.title: each.reason for each in await unlinked(await _tie(world), text, "", 50)}


async def refusal(world: World, mine: ProductId, theirs: ProductId) -> tuple[ErrorCode, tuple[str, ...]]:
    before = await Job.all().count(), await Conflict.all().count()
    with pytest.raises(UserError) as found:
        await link_products(world.connection.id, mine, theirs, now=world.now())
    assert (await Job.all().count(), await Conflict.all().count()) == before
    return found.value.code, found.value.field


async def test_two_products_are_linked_by_hand_and_synced(world: World) -> None:
    (mine,) = world.place(world.main, [draft("TEA", price="20.00")])
    (theirs,) = world.place(world.dependent, [draft("THE-01", price="19.00", title="Thé")])
    await world.choose(MATCHED)
    await sync(world)
    assert await reasons(world) == {"Tea": UnlinkedReason.NOT_THERE}
    assert [each.product.id for each in await free(await _tie(world), "the-0", "", 10)] == [id_of(theirs)]

    job = await link(world, mine, theirs)
    assert (job.kind, job.state, job.created_by) == (JobKind.RESOLVE, JobState.SUCCEEDED, "7")
    tied = await ProductLink.get(connection_id=world.connection.id)
    assert (tied.main_gid, tied.dependent_gid) == (id_of(mine), id_of(theirs))
    assert tied.origin is LinkOrigin.MANUAL
    assert str(next(iter(theirs.variants)).price) == "20.00"
    assert await reasons(world) == {}
    assert await free(await _tie(world), "", "", 10) == []
    conflict = await Conflict.get(code="BY_HAND")
    assert (conflict.state, conflict.decision["kind"]) == (ConflictState.RESOLVED, "LINK_TO")
    again = await sync(world)
    assert (again.counts, await ProductLink.all().count()) == ({"products.linked": 1}, 1)


async def test_what_can_not_be_linked_says_why(world: World) -> None:
    tea, coffee, sized = world.place(
        world.main, [draft("TEA"), draft("COFFEE", title="Coffee"), _sized("Shirt", ("S", "M"))]
    )
    same, other, unlike = world.place(
        world.dependent,
        [draft("TEA"), draft("THE-01", title="Thé"), _sized("Shoe", ("41", "42"))],
    )
    nothing = ProductId("gid://shopify/Product/1")
    await sync(world)
    assert await refusal(world, id_of(coffee), id_of(other)) == (ErrorCode.SETTINGS_NOT_CHOSEN, ())
    await world.choose(replace(MATCHED, selection=Selection(exclude_products=frozenset({id_of(coffee)}))))
    await sync(world)
    assert await reasons(world) == {
        "Coffee": UnlinkedReason.NOT_SELECTED,
        "Shirt": UnlinkedReason.NOT_THERE,
    }
    for mine, theirs, expected in (
        (nothing, id_of(other), (ErrorCode.NOT_FOUND, ("mainProductId",))),
        (id_of(sized), nothing, (ErrorCode.NOT_FOUND, ("dependentProductId",))),
        (id_of(other), id_of(sized), (ErrorCode.NOT_FOUND, ("mainProductId",))),
        (id_of(tea), id_of(other), (ErrorCode.ALREADY_LINKED, ("mainProductId",))),
        (id_of(sized), id_of(same), (ErrorCode.ALREADY_LINKED, ("dependentProductId",))),
        (id_of(coffee), id_of(other), (ErrorCode.PRODUCT_NOT_SELECTED, ("mainProductId",))),
        (id_of(sized), id_of(unlike), (ErrorCode.VARIANTS_UNEQUAL, ("dependentProductId",))),
    ):
        assert await refusal(world, mine, theirs) == expected
    delete_product(world.dependent, other)
    world.clock.ahead += 60
    await sync(world)
    assert await refusal(world, id_of(sized), id_of(other)) == (
        ErrorCode.NOT_FOUND,
        ("dependentProductId",),
    )
    await Connection.filter(id=world.connection.id).update(state=ConnectionState.PAUSED)
    code, _ = await refusal(world, id_of(sized), id_of(unlike))
    assert code is ErrorCode.CONNECTION_PAUSED


def _sized(title: str, sizes: tuple[str, ...]) -> ProductDraft:
    variants = tuple(VariantDraft((size,), f"{title}-{size}") for size in sizes)
    return ProductDraft(title, variants, options=("Size",))


async def test_unlinking_deletes_nothing_and_lasts(world: World) -> None:
    (mine,) = world.place(world.main, [draft("TEA", price="20.00")])
    (theirs,) = world.place(world.dependent, [draft("TEA", price="20.00")])
    await world.choose(EVERYTHING)
    await sync(world)
    tied = await ProductLink.get(connection_id=world.connection.id)
    await Hold.create(
        id=uuid4(), connection_id=world.connection.id, product_gid=id_of(theirs), subject=id_of(theirs),
        field="TITLE", reason="KEPT_LOCAL",
    )  # fmt: skip
    # What the brake holds for it is not to be written by a later confirmation.
    edit_variant(world.main, next(iter(mine.variants)), "price", "2.00")
    held = await sync(world)
    assert held.counts["HELD"] == 1

    job = await unlink_products(world.connection.id, tied.id, now=world.now(), created_by="7")
    assert job is not None
    assert (await world.finished(job)).state is JobState.SUCCEEDED
    await held.refresh_from_db()
    assert not held.counts.get("HELD")
    assert [each.state for each in await world.changes(held)] == [ChangeState.SKIPPED]
    assert await ProductLink.all().count() == await Hold.all().count() == 0

    world.clock.ahead += 60
    await sync(world)
    assert (len(list(world.dependent.products)), await ProductLink.all().count()) == (1, 0)
    assert str(next(iter(theirs.variants)).price) == "20.00"
    assert await reasons(world) == {"Tea": UnlinkedReason.IGNORED}
    (found,) = await unlinked(await _tie(world), "", "", 5)
    assert found.conflict is not None
    assert (found.conflict.code, found.conflict.state) == ("BY_HAND", ConflictState.IGNORED)
    with pytest.raises(NotFound):
        await unlink_products(world.connection.id, tied.id, now=world.now())

    await link(world, mine, theirs)
    assert (await ProductLink.get(connection_id=world.connection.id)).origin is LinkOrigin.MANUAL
    assert str(next(iter(theirs.variants)).price) == "20.00"


async def test_a_decision_that_is_taken_back_lets_the_sku_count_again(world: World) -> None:
    world.place(world.main, [draft("TEA")])
    world.place(world.dependent, [draft("TEA")])
    await world.choose(MATCHED)
    await sync(world)
    tied = await ProductLink.get(connection_id=world.connection.id)
    await Connection.filter(id=world.connection.id).update(state=ConnectionState.PAUSED)
    assert await unlink_products(world.connection.id, tied.id, now=world.now()) is None
    await Connection.filter(id=world.connection.id).update(state=ConnectionState.ACTIVE)
    await sync(world)
    assert await ProductLink.all().count() == 0
    await Conflict.filter(code="BY_HAND").update(state=ConflictState.OPEN, decision={})
    await sync(world)
    assert (await ProductLink.get(connection_id=world.connection.id)).origin is LinkOrigin.SKU
    assert (await Conflict.get(code="BY_HAND")).state is ConflictState.RESOLVED


async def test_why_products_have_no_link(world: World) -> None:
    world.place(
        world.main,
        [
            draft("A", title="Twice"), draft("A", title="Twin"), draft("", title="Nameless"),
            draft("GONE", title="Not there"), draft("B", title="Later"),
        ],
    )  # fmt: skip
    world.place(world.dependent, [draft("A", title="One"), draft("B", title="Two")])
    await world.choose(MATCHED)
    await sync(world)
    assert await reasons(world) == {
        "Twice": UnlinkedReason.CONFLICT,
        "Twin": UnlinkedReason.CONFLICT,
        "Nameless": UnlinkedReason.CONFLICT,
        "Not there": UnlinkedReason.NOT_THERE,
    }
    tie = await _tie(world)
    assert set(await reasons(world, "twi")) == {"Twice", "Twin"}
    assert set(await reasons(world, "gon")) == {"Not there"}
    assert set(await reasons(world, "100%_")) == set()
    assert (await count_free(Side.main(tie), ""), await count_free(Side.main(tie), "twi")) == (4, 2)
    first = await unlinked(tie, "", "", 3)
    rest = await unlinked(tie, "", first[-1].product.id, 3)
    assert [each.product.id for each in first + rest] == sorted(
        each.product.id for each in await unlinked(tie, "", "", 50)
    )


async def test_the_plans_limit_is_told(world: World) -> None:
    async def one(_shop: object) -> int | None:
        return 1

    world.runtime = replace_limit(world.runtime, one)
    world.place(world.main, [draft("A", title="A"), draft("B", title="B")])
    world.place(world.dependent, [draft("A", title="A"), draft("B", title="B")])
    await world.choose(MATCHED)
    await sync(world)
    assert list((await reasons(world)).values()) == [UnlinkedReason.PLAN_LIMIT]
    (waiting,) = await unlinked(await _tie(world), "", "", 5)
    assert waiting.waits_for == (world.main.domain, world.dependent.domain)
    (there,) = await free(await _tie(world), "", "", 5)
    made = await link_products(
        world.connection.id, waiting.product.id, there.product.id, now=world.now() + timedelta(seconds=1)
    )
    await world.finished(made)
    assert await ProductLink.all().count() == 1


async def test_who_has_not_been_looked_at_does_not_wait_for_a_plan(world: World) -> None:
    async def two_there(shop: object) -> int | None:
        return 2 if shop == world.connection.dependent_id else None

    world.runtime = replace_limit(world.runtime, two_there)
    world.place(world.main, [draft(each, title=each) for each in "ABC"])
    await world.choose(EVERYTHING)
    await sync(world)
    assert await reasons(world) == {"C": UnlinkedReason.PLAN_LIMIT}
    assert [each.waits_for for each in await unlinked(await _tie(world), "", "", 5)] == [
        (world.dependent.domain,)
    ]
    main, gid = world.connection.main_id, "gid://shopify/Product/9999999999999999"
    await MirrorProduct.create(shop_id=main, gid=gid, title="D", observed_at=world.now())
    assert await reasons(world) == {"C": UnlinkedReason.PLAN_LIMIT, "D": UnlinkedReason.WAITING}


def replace_limit(runtime: Runtime, limit: object) -> Runtime:
    runtime.product_limit = limit  # type: ignore[assignment]
    return runtime
