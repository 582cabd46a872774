"""Parity, what differs, local edits, what was set aside, and the delay, as the API tells them."""

from datetime import timedelta
from typing import Any

import pytest

from backend.models.connection import ConnectionState
from backend.models.job import ChangeState, Job, JobKind, JobState, Trigger
from backend.models.link import Hold, HoldReason, ProductLink
from backend.models.live import DifferenceReason, DirtyProduct, LocalEdit, PendingSubject, Stream, SubjectKind
from backend.models.shop import Role, ShopLocation, ShopToken
from tests.api import (
    Api,
    a_change,
    a_connection,
    a_difference,
    a_job,
    a_link,
    a_local_edit,
    a_product_aside,
    a_subject_aside,
    chosen,
    everything,
)

PARITY = """query($id: ID!) { connection(id: $id) { parity {
    linked checked values equal held differences share reasons { reason count } oldestCheckAt newestCheckAt }
    delay { lane median p95 count } oversellWindow permissions } }"""
DIFFERENCES = """query($id: ID!, $filter: DifferenceFilter, $first: Int, $after: String) {
    differences(connectionId: $id, filter: $filter, first: $first, after: $after) { totalCount nodes {
        mainProductId productId variantId field key title sku mainValue dependentValue reason code
        location { name } } pageInfo { endCursor hasNextPage } } }"""
EDITS = """query($id: ID!, $filter: LocalEditFilter) { localEdits(connectionId: $id, filter: $filter) {
    nodes { productId variantId field mainValue dependentValue kept } } }"""


async def test_parity_of_a_connection(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    empty = (await api.ask(main.domain, PARITY, {"id": str(tie.id)}))["connection"]
    assert empty["parity"] == {
        "linked": 0, "checked": 0, "values": 0, "equal": 0, "held": 0, "differences": 0, "share": None,
        "reasons": [], "oldestCheckAt": None, "newestCheckAt": None,
    }  # fmt: skip
    assert (empty["delay"], empty["oversellWindow"]) == ([], None)
    early, late = api.clock.now() - timedelta(hours=3), api.clock.now()
    for number, at in enumerate((early, late, None)):
        link = await a_link(tie, number)
        await ProductLink.filter(id=link.id).update(checked_at=at, values_checked=500 if at else 0)
    await a_difference(tie, 0)
    await a_difference(tie, 1, reason=DifferenceReason.HELD)
    found = (await api.ask(dependent.domain, PARITY, {"id": str(tie.id)}))["connection"]["parity"]
    assert found | {"oldestCheckAt": "", "newestCheckAt": ""} == {
        "linked": 3, "checked": 2, "values": 1000, "equal": 998, "held": 1, "differences": 1, "share": 0.9989,
        "reasons": [{"reason": "DRIFT", "count": 1}, {"reason": "HELD", "count": 1}],
        "oldestCheckAt": "", "newestCheckAt": "",
    }  # fmt: skip
    assert found["oldestCheckAt"] < found["newestCheckAt"]


async def test_the_delay_is_measured_by_lane_and_stock_is_the_window_to_oversell(api: Api) -> None:
    main, _, tie = await api.a_pair()
    job = await a_job(tie, kind=JobKind.LIVE, trigger=Trigger.CHANGE)
    now = api.clock.now()
    for seq, (lane, action, seconds) in enumerate(
        [("STOCK", "SET", 1), ("STOCK", "SET", 3), ("PRICE", "SET", 2)], start=1
    ):
        await a_change(
            job, seq, lane=lane, action=action, state=ChangeState.APPLIED,
            happened_at=now - timedelta(seconds=seconds), applied_at=now,
        )  # fmt: skip
    found = (await api.ask(main.domain, PARITY, {"id": str(tie.id)}))["connection"]
    assert found["delay"] == [
        {"lane": "STOCK", "median": 2.0, "p95": 2.9, "count": 2},
        {"lane": "PRICE", "median": 2.0, "p95": 2.0, "count": 1},
    ]
    assert found["oversellWindow"] == 2.9


async def test_only_the_dependent_may_repair(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    for shop, may in ((main, False), (dependent, True)):
        found = (await api.ask(shop.domain, PARITY, {"id": str(tie.id)}))["connection"]
        assert ("REPAIR" in found["permissions"]) is may


async def test_differences_are_searched_and_filtered_page_by_page(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    place = await ShopLocation.filter(shop_id=dependent.id).order_by("gid").first()
    assert place is not None
    await a_difference(tie, 1, title="Coffee")
    await a_difference(
        tie, 2, field="STOCK", key=place.gid, main_value=7, dependent_value=5,
        reason=DifferenceReason.LOCAL_STOCK,
    )  # fmt: skip
    await a_difference(
        tie, 3, subject="gid://shopify/Product/3", field="PRICE", sku="", main_value=None,
        dependent_value=None, reason=DifferenceReason.REFUSED, code="CURRENCY_CHANGED",
    )  # fmt: skip

    async def fields(given: dict[str, Any] | None) -> list[tuple[str, str]]:
        data = await api.ask(main.domain, DIFFERENCES, {"id": str(tie.id), "filter": given})
        return [(each["title"], each["reason"]) for each in data["differences"]["nodes"]]

    assert await fields(None) == [("Coffee", "DRIFT"), ("Tea", "LOCAL_STOCK"), ("Tea", "REFUSED")]
    assert await fields({"reasons": ["DRIFT", "REFUSED"]}) == [("Coffee", "DRIFT"), ("Tea", "REFUSED")]
    assert await fields({"search": "tea-2"}) == [("Tea", "LOCAL_STOCK")]
    assert await fields({"productId": "gid://shopify/Product/1001"}) == [("Coffee", "DRIFT")]
    first = await api.ask(main.domain, DIFFERENCES, {"id": str(tie.id), "first": 2})
    assert (first["differences"]["totalCount"], first["differences"]["pageInfo"]["hasNextPage"]) == (3, True)
    assert first["differences"]["nodes"][1] == {
        "mainProductId": "gid://shopify/Product/2", "productId": "gid://shopify/Product/1002",
        "variantId": "gid://shopify/ProductVariant/1002", "field": "STOCK", "key": place.gid, "title": "Tea",
        "sku": "TEA-2", "mainValue": 7, "dependentValue": 5, "reason": "LOCAL_STOCK", "code": None,
        "location": {"name": place.name},
    }  # fmt: skip
    after = first["differences"]["pageInfo"]["endCursor"]
    rest = await api.ask(main.domain, DIFFERENCES, {"id": str(tie.id), "after": after})
    (last,) = rest["differences"]["nodes"]
    assert (last["code"], last["variantId"], last["location"]) == ("CURRENCY_CHANGED", None, None)


async def test_repairing_queues_one_job_for_the_products_that_differ(api: Api) -> None:
    _, dependent, tie = await api.a_pair()
    await chosen(tie)
    await a_difference(tie, 1)
    await a_difference(tie, 2, reason=DifferenceReason.HELD)
    await a_difference(tie, 3, reason=DifferenceReason.LOCAL_STOCK)
    made = await api.change(
        dependent.domain, "repairDifferences", f'(connectionId: "{tie.id}")', answer="job { kind state }"
    )
    assert made == {"job": {"kind": "REPAIR", "state": "QUEUED"}, "userErrors": []}
    (job,) = await Job.all()
    assert job.payload == {
        "repair": True, "main_products": ["gid://shopify/Product/1", "gid://shopify/Product/3"],
    }  # fmt: skip
    one = f'(connectionId: "{tie.id}", productIds: ["gid://shopify/Product/1003"])'
    await api.change(dependent.domain, "repairDifferences", one, answer="job { id }")
    newest = (await Job.all().order_by("-created_at"))[0]
    assert newest.payload["main_products"] == ["gid://shopify/Product/3"]


@pytest.mark.parametrize(
    "call, code, field",
    [
        ('repairDifferences({c}, productIds: ["5"])', "INVALID_ID", ["productIds", "0"]),
        ("repairDifferences({c}, productIds: [])", "NOTHING_TO_REPAIR", None),
        ('repairDifferences({c}, productIds: ["{p}"])', "NOTHING_TO_REPAIR", None),
        ('keepLocal({c}, productId: "{p}", field: "NONSENSE")', "INVALID_INPUT", ["field"]),
        ('keepLocal({c}, productId: "{p}", field: "STOCK")', "INVALID_INPUT", ["field"]),
        ('keepLocal({c}, productId: "7", field: "TITLE")', "INVALID_ID", ["productId"]),
        ('keepLocal({c}, productId: "{p}", field: "TITLE")', "NOT_FOUND", ["productId"]),
        ('keepLocal({c}, productId: "{p}", variantId: "{p}", field: "PRICE")', "INVALID_ID", ["variantId"]),
        (
            'keepLocal({c}, productId: "gid://shopify/Product/1001", variantId: "{v}", field: "PRICE")',
            "NOT_FOUND",
            ["variantId"],
        ),
        ('keepLocal({c}, productId: "{p}", field: "TITLE", key: "{long}")', "TOO_LONG", ["key"]),
        ('useMainValue({c}, productId: "{p}", field: "NONSENSE")', "INVALID_INPUT", ["field"]),
        ('useMainValue({c}, productId: "{p}", field: "TITLE")', "NOT_FOUND", ["productId"]),
    ],
)
async def test_what_names_nothing_changes_nothing(
    api: Api, call: str, code: str, field: list[str] | None
) -> None:
    _, dependent, tie = await api.a_pair()
    await a_link(tie)
    before = await everything()
    given = call.format(
        c=f'connectionId: "{tie.id}"',
        p="gid://shopify/Product/7",
        v="gid://shopify/ProductVariant/5",
        long="k" * 401,
    )
    data = await api.ask(dependent.domain, f"mutation {{ {given} {{ userErrors {{ code field }} }} }}")
    (payload,) = data.values()
    assert payload["userErrors"] == [{"code": code, "field": field}]
    assert await everything() == before


async def test_a_local_edit_is_kept_and_given_up_again(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    await a_link(tie)
    await a_local_edit(tie, kept=False)
    await a_local_edit(tie, 2, subject="gid://shopify/ProductVariant/5", field="PRICE")

    async def edits(**given: Any) -> list[tuple[str, bool]]:
        data = await api.ask(main.domain, EDITS, {"id": str(tie.id), "filter": given})
        return sorted((each["field"], each["kept"]) for each in data["localEdits"]["nodes"])

    assert await edits() == [("PRICE", True), ("TITLE", False)]
    shown = await api.ask(main.domain, EDITS, {"id": str(tie.id), "filter": {"kept": False}})
    assert shown["localEdits"]["nodes"] == [
        {"productId": "gid://shopify/Product/1001", "variantId": None, "field": "TITLE", "mainValue": "Tea",
         "dependentValue": "Our tea", "kept": False}
    ]  # fmt: skip
    assert await edits(kept=False) == [("TITLE", False)]
    value = f'(connectionId: "{tie.id}", productId: "gid://shopify/Product/1001", field: "TITLE")'
    kept = await api.change(dependent.domain, "keepLocal", value, answer="hold { reason field productId }")
    assert kept == {
        "hold": {"reason": "KEPT_LOCAL", "field": "TITLE", "productId": "gid://shopify/Product/1001"},
        "userErrors": [],
    }
    assert await edits(kept=True) == [("PRICE", True), ("TITLE", True)]
    assert [(each.reason, each.main_hash) for each in await Hold.all()] == [(HoldReason.KEPT_LOCAL, None)]
    given_up = await api.change(dependent.domain, "useMainValue", value, answer="job { kind state }")
    assert given_up == {"job": {"kind": "RESOLVE", "state": "QUEUED"}, "userErrors": []}
    assert (await Hold.all().count(), await LocalEdit.filter(field="TITLE").count()) == (0, 0)


async def test_what_was_set_aside_is_taken_up_again_one_by_one_or_all(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    theirs = await a_subject_aside(main)
    own = await a_subject_aside(dependent)
    item = await a_subject_aside(dependent, 2, kind=SubjectKind.STOCK, gid="gid://shopify/InventoryItem/2")
    product = await a_product_aside(tie)
    await a_product_aside(tie, 2, set_aside_at=None)
    await a_product_aside(tie, 3, stream=Stream.STOCK)
    shown = await api.ask(
        main.domain,
        f'{{ setAsideProducts(connectionId: "{tie.id}") {{ nodes {{ stream mainProductId title }} }} }}',
    )
    counted = await api.ask(main.domain, f'{{ connection(id: "{tie.id}") {{ productsSetAside }} }}')
    assert counted == {"connection": {"productsSetAside": 2}}
    assert [(each["stream"], each["mainProductId"]) for each in shown["setAsideProducts"]["nodes"]] == [
        ("PRODUCT", "gid://shopify/Product/1"),
        ("STOCK", "gid://shopify/Product/3"),
    ]
    some = f'(subjectIds: ["{item.id}"], productIds: ["{product.id}"])'
    assert await api.change(dependent.domain, "retrySetAside", some, answer="count") == {
        "count": 2, "userErrors": [],
    }  # fmt: skip
    for row in (await PendingSubject.get(id=item.id), await DirtyProduct.get(id=product.id)):
        assert (row.set_aside_at, row.attempts, row.reason) == (None, 0, "")
    assert await api.change(dependent.domain, "retrySetAside", "", answer="count") == {
        "count": 2, "userErrors": [],
    }  # fmt: skip
    assert (await PendingSubject.get(id=own.id)).set_aside_at is None
    assert (await PendingSubject.get(id=theirs.id)).set_aside_at is not None
    assert await DirtyProduct.filter(set_aside_at__isnull=False).count() == 0


async def test_quiet_checks_can_be_left_out_of_the_jobs(api: Api) -> None:
    main, _, tie = await api.a_pair()
    check = {"kind": JobKind.CHECK, "trigger": Trigger.SCHEDULE}
    await a_job(tie, **check, counts={"links.checked": 9, "products.marked": 0})
    await a_job(tie, **check, state=JobState.QUEUED)
    loud = await a_job(tie, **check, counts={"links.checked": 9, "products.marked": 1})
    failed = await a_job(tie, **check, state=JobState.FAILED)
    sync = await a_job(tie)
    query = "query($quiet: Boolean) { jobs(filter: {quiet: $quiet}) { totalCount nodes { id } } }"
    assert (await api.ask(main.domain, query))["jobs"]["totalCount"] == 5
    found = (await api.ask(main.domain, query, {"quiet": False}))["jobs"]
    assert {node["id"] for node in found["nodes"]} == {str(each.id) for each in (loud, failed, sync)}
    assert found["totalCount"] == 3
    last = await api.ask(main.domain, f'{{ connection(id: "{tie.id}") {{ lastJob {{ id }} }} }}')
    assert last["connection"]["lastJob"] == {"id": str(sync.id)}


async def test_shared_stock_with_buffer_and_cap_can_be_chosen(api: Api) -> None:
    _, dependent, tie = await api.a_pair()
    given = "input: {stockMode: SHARED, stockBuffer: 2, stockCap: 10, localEditsPrices: KEEP_LOCAL}"
    saved = await api.change(
        dependent.domain,
        "updateSyncSettings",
        f'(connectionId: "{tie.id}", {given})',
        answer="syncSettings { stockMode stockBuffer stockCap localEditsPrices localEditsDetails }",
    )
    assert saved["syncSettings"] == {
        "stockMode": "SHARED", "stockBuffer": 2, "stockCap": 10, "localEditsPrices": "KEEP_LOCAL",
        "localEditsDetails": "MAIN_WINS",
    }  # fmt: skip


async def test_a_check_has_nothing_to_undo_and_its_kinds_follow_the_rights(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    counts = {"APPLIED": 2}
    for kind in (JobKind.CHECK, JobKind.LIVE, JobKind.REPAIR):
        await a_job(tie, kind=kind, trigger=Trigger.CHANGE, state=JobState.PARTIAL, counts=counts)
    query = "{ jobs { nodes { kind actions } } }"
    seen = {
        shop.domain: {
            each["kind"]: each["actions"] for each in (await api.ask(shop.domain, query))["jobs"]["nodes"]
        }
        for shop in (main, dependent)
    }
    assert seen[main.domain] == {"CHECK": ["RETRY"], "LIVE": ["RETRY"], "REPAIR": []}
    assert seen[dependent.domain] == {
        "CHECK": ["RETRY"], "LIVE": ["RETRY", "UNDO"], "REPAIR": ["RETRY", "UNDO"],
    }  # fmt: skip


@pytest.mark.parametrize("state", [ConnectionState.PAUSED, ConnectionState.SUSPENDED])
async def test_a_connection_that_rests_repairs_nothing(api: Api, state: ConnectionState) -> None:
    main = await api.a_shop("main", Role.MAIN)
    dependent = await api.a_shop("dependent", Role.DEPENDENT)
    tie = await a_connection(main, dependent, state)
    if state is ConnectionState.SUSPENDED:
        await ShopToken.filter(shop_id=main.id).delete()
    await a_difference(tie)
    before = await everything()
    answer = await api.change(
        dependent.domain, "repairDifferences", f'(connectionId: "{tie.id}")', answer="job { id }"
    )
    assert [each["code"] for each in answer["userErrors"]] == [f"CONNECTION_{state.value}"]
    assert await everything() == before
