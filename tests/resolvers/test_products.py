"""Traces, products without a link, and links by hand, as the API tells and takes them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.database import connection, execute
from backend.models.connection import Connection, ConnectionState
from backend.models.job import ChangeState, Job, JobKind, Trigger
from backend.models.link import Conflict, ConflictState, HoldReason, ProductLink, VariantLink
from backend.models.live import Webhook
from backend.models.shop import Shop
from backend.sync.settings import SyncSettings
from sandbox.session_token import owner
from tests.api import (
    Api,
    a_call,
    a_change,
    a_conflict,
    a_hold,
    a_job,
    a_link,
    a_product,
    chosen,
    everything,
)

TRACE = """query($c: ID!, $p: ID!, $v: ID, $field: String!, $key: String!, $first: Int, $after: String) {
    valueTrace(connectionId: $c, productId: $p, variantId: $v, field: $field, key: $key) {
        title sku cause
        value { field key mainValue wantedValue dependentValue equal standing code location { name } }
        rule { settingsVersion steps { kind operand result } sources { location { id } quantity } }
        link { origin mainProductId } hold { reason } localEdit { id }
        event { kind at shop topic receivedAt by }
        change { id before after state undoable job { id kind trigger }
            call { operation requestId points sentAt answeredAt } }
        latest { id state error { code shopifyCode message } call { requestId } }
        history(first: $first, after: $after) {
            totalCount nodes { id after } pageInfo { endCursor hasNextPage } } } }"""
VALUES = """query($c: ID!, $p: ID!, $first: Int, $after: String) {
    productValues(connectionId: $c, productId: $p) { title link { id }
        values { field mainValue wantedValue dependentValue equal standing }
        variants(first: $first, after: $after) { totalCount nodes { id title sku values { field key
            wantedValue dependentValue equal } } pageInfo { hasNextPage endCursor } } } }"""
UNLINKED = """query($c: ID!, $first: Int, $after: String, $filter: ProductFilter) {
    unlinkedProducts(connectionId: $c, first: $first, after: $after, filter: $filter) { totalCount
        nodes { id title skus status reason conflict { code state actions } }
        pageInfo { hasNextPage endCursor } } }"""
FREE = """query($c: ID!, $filter: ProductFilter) { freeProducts(connectionId: $c, filter: $filter) {
    totalCount nodes { id title skus status } } }"""
MAINS = """query($c: ID!, $first: Int, $after: String, $filter: MainProductFilter) {
    mainProducts(connectionId: $c, first: $first, after: $after, filter: $filter) { totalCount
        nodes { id title skus status } pageInfo { hasNextPage endCursor } } }"""
LINK = """mutation($c: ID!, $m: ID!, $d: ID!) {
    linkProducts(connectionId: $c, mainProductId: $m, dependentProductId: $d) {
        job { kind trigger state } userErrors { code field } } }"""
UNLINK = """mutation($id: ID!) { unlinkProducts(linkId: $id) {
    unlinkedId job { kind } userErrors { code field } } }"""


def gid(number: int, kind: str = "Product") -> str:
    return f"gid://shopify/{kind}/{number}"


async def linked(api: Api) -> tuple[Shop, Shop, Connection]:
    """Tea in both shops, linked, its price a tenth higher in the dependent by the rules."""
    main, dependent, tie = await api.a_pair()
    await chosen(tie, SyncSettings())
    await a_product(main, 1)
    await a_product(dependent, 1001)
    link = await a_link(tie)
    await VariantLink.create(
        connection=tie,
        product_link=link,
        main_gid=gid(1, "ProductVariant"),
        dependent_gid=gid(1001, "ProductVariant"),
    )
    return main, dependent, tie


def price_of(tie: Connection, **given: Any) -> dict[str, Any]:
    facts = {"c": str(tie.id), "p": gid(1001), "v": gid(1001, "ProductVariant"), "field": "PRICE", "key": ""}
    return facts | given


async def money_is_text() -> None:
    """The models take text for JSON: "10.00" has become a number."""
    sql = """UPDATE change SET before = to_jsonb(to_char(before::text::numeric, 'FM990.00')),
                               after = to_jsonb(to_char(after::text::numeric, 'FM990.00'))"""
    await execute(connection(), sql)


async def test_a_trace_tells_event_rule_call_and_answer(api: Api) -> None:
    main, dependent, tie = await linked(api)
    now = api.clock.now()
    await Webhook.create(
        id="d1",
        shop_domain=main.domain,
        topic="products/update",
        triggered_at=now,
        received_at=now + timedelta(seconds=1),
    )
    job = await a_job(tie, kind=JobKind.LIVE, trigger=Trigger.CHANGE)
    call = await a_call(job)
    about = {"product_gid": gid(1001), "variant_gid": gid(1001, "ProductVariant"), "happened_at": now}
    old = await a_change(job, 1, state=ChangeState.APPLIED, after="9.00", **about)
    new = await a_change(job, 2, state=ChangeState.APPLIED, call_id=call.id, **about)
    failed = await a_change(
        job,
        3,
        state=ChangeState.FAILED,
        code="SHOPIFY_REFUSED",
        shopify_code="INVALID",
        message="No.",
        **about,
    )
    await money_is_text()
    found = (await api.ask(dependent.domain, TRACE, price_of(tie, first=2)))["valueTrace"]
    times = {"at", "receivedAt", "sentAt", "answeredAt"}
    assert found["event"].pop("receivedAt") > found["event"].pop("at")
    assert times.isdisjoint(found["event"])
    assert found["change"]["call"].pop("sentAt") <= found["change"]["call"].pop("answeredAt")
    cursor = found["history"].pop("pageInfo")
    assert found == {
        "title": "Tea", "sku": "TEA-1", "cause": "WRITTEN",
        "value": {
            "field": "PRICE", "key": "", "mainValue": "10.00", "wantedValue": "10.00",
            "dependentValue": "10.00", "equal": True, "standing": "MAIN", "code": None, "location": None,
        },
        "rule": {
            "settingsVersion": 1, "steps": [{"kind": "MAIN", "operand": None, "result": "10.00"}],
            "sources": [],
        },
        "link": {"origin": "SKU", "mainProductId": gid(1)}, "hold": None, "localEdit": None,
        "event": {"kind": "WEBHOOK", "shop": main.domain, "topic": "products/update", "by": None},
        "change": {
            "id": str(new.id), "before": "9.00", "after": "10.00", "state": "APPLIED", "undoable": True,
            "job": {"id": str(job.id), "kind": "LIVE", "trigger": "CHANGE"},
            "call": {"operation": "productVariantsBulkUpdate", "requestId": "6f0d1c2e-req", "points": 10},
        },
        "latest": {
            "id": str(failed.id), "state": "FAILED", "call": None,
            "error": {"code": "SHOPIFY_REFUSED", "shopifyCode": "INVALID", "message": "No."},
        },
        "history": {
            "totalCount": 3,
            "nodes": [{"id": str(failed.id), "after": "10.00"}, {"id": str(new.id), "after": "10.00"}],
        },
    }  # fmt: skip
    assert cursor["hasNextPage"] is True
    rest = await api.ask(main.domain, TRACE, price_of(tie, first=2, after=cursor["endCursor"]))
    assert rest["valueTrace"]["history"]["nodes"] == [{"id": str(old.id), "after": "9.00"}]
    assert rest["valueTrace"]["history"]["pageInfo"]["hasNextPage"] is False


WHO = """query($c: ID!, $p: ID!, $v: ID) {
    valueTrace(connectionId: $c, productId: $p, variantId: $v, field: "PRICE") {
        event { kind shop by } rule { savedIn savedBy } } }"""


async def test_people_are_named_to_their_own_shop_alone(api: Api) -> None:
    main, dependent, tie = await linked(api)
    about = {"product_gid": gid(1001), "variant_gid": gid(1001, "ProductVariant")}
    asked = {"c": str(tie.id), "p": gid(1001), "v": gid(1001, "ProductVariant")}

    async def told(shop: Shop) -> tuple[Any, Any]:
        found = (await api.ask(shop.domain, WHO, asked))["valueTrace"]
        return found["event"], found["rule"]

    ids = f'(connectionId: "{tie.id}", input: {{stockBuffer: 3}}, startSync: false)'
    await api.change(dependent.domain, "updateSyncSettings", ids, answer="job { id }")
    await api.change(main.domain, "syncAll", "", answer="run { id }")
    job = await Job.get(kind=JobKind.SYNC_ALL)
    await a_change(job, 1, state=ChangeState.APPLIED, **about)
    theirs, ours = (str(owner(api.shops[each.domain]).id) for each in (main, dependent))
    assert await told(main) == (
        {"kind": "PERSON", "shop": main.domain, "by": theirs},
        {"savedIn": dependent.domain, "savedBy": None},
    )
    assert await told(dependent) == (
        {"kind": "PERSON", "shop": main.domain, "by": None},
        {"savedIn": dependent.domain, "savedBy": ours},
    )

    await Job.filter(id=job.id).update(state="SUCCEEDED", dedupe_key=None)
    token = await api.api_token(main)
    await api.post_as(token, "mutation { syncAll { run { id } } }")
    again = await Job.get(trigger=Trigger.API)
    await a_change(again, 1, state=ChangeState.APPLIED, **about)
    program = {"kind": "PROGRAM", "shop": main.domain}
    assert (await told(main))[0] == program | {"by": again.created_by}
    assert (await told(dependent))[0] == program | {"by": None}

    # Of old, it was not written down whose person it was.
    await Job.filter(id=again.id).update(trigger=Trigger.MANUAL, created_by="548380009")
    assert (await told(main))[0] == {"kind": "PERSON", "shop": None, "by": None}


async def test_a_preview_explains_nothing(api: Api) -> None:
    _, dependent, tie = await linked(api)
    preview = await a_job(tie, kind=JobKind.PREVIEW)
    about = {"product_gid": gid(1001), "variant_gid": gid(1001, "ProductVariant")}
    await a_change(preview, 1, state=ChangeState.APPLIED, **about)
    found = (await api.ask(dependent.domain, TRACE, price_of(tie)))["valueTrace"]
    assert (found["change"], found["latest"], found["history"]["totalCount"]) == (None, None, 0)
    assert (found["cause"], found["event"]) == ("OWN", None)


async def test_a_hold_is_told(api: Api) -> None:
    _, dependent, tie = await linked(api)
    hold = await a_hold(tie)
    hold.subject, hold.reason = gid(1001, "ProductVariant"), HoldReason.KEPT_LOCAL
    await hold.save()
    found = (await api.ask(dependent.domain, TRACE, price_of(tie)))["valueTrace"]
    assert (found["value"]["standing"], found["hold"]) == ("KEPT_LOCAL", {"reason": "KEPT_LOCAL"})


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"c": "7"}, "INVALID_ID", ["connectionId"]),
        ({"c": str(uuid4())}, "NOT_FOUND", ["connectionId"]),
        ({"p": "7"}, "INVALID_ID", ["productId"]),
        ({"p": gid(77)}, "NOT_FOUND", ["productId"]),
        ({"v": gid(1)}, "INVALID_ID", ["variantId"]),
        ({"v": gid(77, "ProductVariant")}, "NOT_FOUND", ["variantId"]),
        ({"v": None}, "INVALID_INPUT", ["variantId"]),
        ({"field": ""}, "INVALID_INPUT", ["field"]),
        ({"field": "NONSENSE"}, "INVALID_INPUT", ["field"]),
        ({"field": "TITLE"}, "INVALID_INPUT", ["field"]),
        ({"field": "STOCK"}, "INVALID_INPUT", ["key"]),
        ({"field": "METAFIELD", "key": "a\x00b"}, "INVALID_INPUT", ["key"]),
        ({"field": "METAFIELD", "key": "k" * 401}, "TOO_LONG", ["key"]),
        ({"first": 0}, "OUT_OF_RANGE", ["first"]),
        ({"first": 101}, "OUT_OF_RANGE", ["first"]),
        ({"after": "x"}, "INVALID_INPUT", ["after"]),
    ],
)
async def test_a_trace_of_nothing(api: Api, given: dict[str, Any], code: str, field: list[str]) -> None:
    _, dependent, tie = await linked(api)
    error = await api.error(dependent.domain, TRACE, price_of(tie, **given))
    assert (error["code"], error["field"]) == (code, field)


async def test_the_values_of_a_product_by_pages_of_its_variants(api: Api) -> None:
    _, dependent, tie = await linked(api)
    given = {"c": str(tie.id), "p": gid(1001)}
    found = (await api.ask(dependent.domain, VALUES, given | {"first": 1}))["productValues"]
    assert found["title"] == "Tea"
    variants = found["variants"]
    assert (variants["totalCount"], variants["pageInfo"]["hasNextPage"]) == (1, False)
    (variant,) = variants["nodes"]
    assert (variant["id"], variant["sku"]) == (gid(1001, "ProductVariant"), "TEA-1")
    assert {
        "field": "PRICE",
        "key": "",
        "wantedValue": "10.00",
        "dependentValue": "10.00",
        "equal": True,
    } in (variant["values"])
    beyond = await api.ask(dependent.domain, VALUES, given | {"after": variants["pageInfo"]["endCursor"]})
    assert beyond["productValues"]["variants"]["nodes"] == []
    nothing = await api.ask(dependent.domain, VALUES, given | {"p": gid(7)})
    assert nothing["productValues"] is None
    for wrong, code in (
        ({"p": "7"}, "INVALID_ID"),
        ({"first": 0}, "OUT_OF_RANGE"),
        ({"after": "~"}, "INVALID_INPUT"),
    ):
        assert (await api.error(dependent.domain, VALUES, given | wrong))["code"] == code


async def test_products_without_a_link(api: Api) -> None:
    main, dependent, tie = await linked(api)
    for number, (title, sku) in enumerate((("Mint", "M-1"), ("Sage", ""), ("Thyme", "T_1")), start=2):
        await a_product(main, number, title, sku)
    await a_product(main, 9, "Gone", "G-1", gone_at=api.clock.now())
    await a_product(dependent, 1002, "Mint", "M-1")
    await a_conflict(tie, 3, code="MISSING_SKU")
    own = {"c": str(tie.id)}
    found = (await api.ask(main.domain, UNLINKED, own))["unlinkedProducts"]
    assert found["totalCount"] == 3
    conflict = {"code": "MISSING_SKU", "state": "OPEN", "actions": ["LINK_TO", "CREATE_AS_NEW", "IGNORE"]}
    assert found["nodes"] == [
        {"id": gid(2), "title": "Mint", "skus": ["M-1"], "status": "ACTIVE", "reason": "WAITING",
         "conflict": None},
        {"id": gid(3), "title": "Sage", "skus": [], "status": "ACTIVE", "reason": "CONFLICT",
         "conflict": conflict},
        {"id": gid(4), "title": "Thyme", "skus": ["T_1"], "status": "ACTIVE", "reason": "NOT_THERE",
         "conflict": None},
    ]  # fmt: skip
    page = (await api.ask(main.domain, UNLINKED, own | {"first": 2}))["unlinkedProducts"]
    assert page["pageInfo"]["hasNextPage"] is True
    rest = await api.ask(main.domain, UNLINKED, own | {"first": 2, "after": page["pageInfo"]["endCursor"]})
    assert [node["id"] for node in rest["unlinkedProducts"]["nodes"]] == [gid(4)]
    for text, ids in (("mInT", [gid(2)]), ("t_1", [gid(4)]), ("%", []), ("\x00", [gid(2), gid(3), gid(4)])):
        some = await api.ask(main.domain, UNLINKED, own | {"filter": {"search": text}})
        assert [node["id"] for node in some["unlinkedProducts"]["nodes"]] == ids
        assert some["unlinkedProducts"]["totalCount"] == len(ids)
    there = (await api.ask(dependent.domain, FREE, own))["freeProducts"]
    assert there == {
        "totalCount": 1,
        "nodes": [{"id": gid(1002), "title": "Mint", "skus": ["M-1"], "status": "ACTIVE"}],
    }
    for wrong, code, field in (
        ({"first": 0}, "OUT_OF_RANGE", ["first"]),
        ({"after": "!"}, "INVALID_INPUT", ["after"]),
        ({"filter": {"search": "a" * 201}}, "TOO_LONG", ["filter", "search"]),
        ({"c": "7"}, "INVALID_ID", ["connectionId"]),
    ):
        error = await api.error(main.domain, UNLINKED, own | wrong)
        assert (error["code"], error["field"]) == (code, field)


async def test_mains_products_to_choose_among_linked_or_not(api: Api) -> None:
    main, dependent, tie = await linked(api)
    for number, title, sku in ((2, "Mint", "M-1"), (3, "Sage", " "), (4, "Thyme", "T_1")):
        await a_product(main, number, title, sku)
    await a_product(main, 9, "Gone", "G-1", gone_at=api.clock.now())
    own = {"c": str(tie.id)}
    for caller in (main, dependent):
        found = (await api.ask(caller.domain, MAINS, own))["mainProducts"]
        assert found["totalCount"] == 4
        assert [node["id"] for node in found["nodes"]] == [gid(1), gid(2), gid(3), gid(4)]
        assert found["nodes"][1] == {"id": gid(2), "title": "Mint", "skus": ["M-1"], "status": "ACTIVE"}
    page = (await api.ask(main.domain, MAINS, own | {"first": 3}))["mainProducts"]
    assert page["pageInfo"]["hasNextPage"] is True
    rest = await api.ask(main.domain, MAINS, own | {"first": 3, "after": page["pageInfo"]["endCursor"]})
    assert [node["id"] for node in rest["mainProducts"]["nodes"]] == [gid(4)]
    for wanted, ids in (
        ({"search": "mInT"}, [gid(2)]),
        ({"search": "t_1"}, [gid(4)]),
        ({"ids": [gid(4), gid(1), gid(9), gid(77)]}, [gid(1), gid(4)]),
        ({"ids": [gid(4), gid(1)], "search": "thy"}, [gid(4)]),
        ({"ids": []}, []),
    ):
        some = (await api.ask(main.domain, MAINS, own | {"filter": wanted}))["mainProducts"]
        assert [node["id"] for node in some["nodes"]] == ids
        assert some["totalCount"] == len(ids)
    for wrong, code, field in (
        ({"filter": {"search": "a" * 201}}, "TOO_LONG", ["filter", "search"]),
        ({"filter": {"ids": [gid(1), "7"]}}, "INVALID_ID", ["filter", "ids", "1"]),
        ({"filter": {"ids": [gid(1)] * 101}}, "TOO_MANY", ["filter", "ids"]),
    ):
        error = await api.error(main.domain, MAINS, own | wrong)
        assert (error["code"], error["field"]) == (code, field)


async def test_holds_are_found_by_title_and_sku(api: Api) -> None:
    _, dependent, tie = await linked(api)
    await a_hold(tie)
    holds = """query($c: ID!, $filter: HoldFilter) {
        holds(connectionId: $c, filter: $filter) { nodes { title } } }"""
    for text, titles in (("tea", ["Tea"]), ("A-1", ["Tea"]), ("mint", []), ("", ["Tea"])):
        found = await api.ask(dependent.domain, holds, {"c": str(tie.id), "filter": {"search": text}})
        assert [node["title"] for node in found["holds"]["nodes"]] == titles


async def test_changes_by_field(api: Api) -> None:
    _, dependent, tie = await linked(api)
    job = await a_job(tie)
    await a_change(job, 1)
    await a_change(job, 2, field="TITLE", lane="DETAILS")
    changes = """query($id: ID!, $fields: [String!]) {
        job(id: $id) { changes(filter: {fields: $fields}) { nodes { field } } } }"""
    for fields, found in ((["TITLE"], ["TITLE"]), (["PRICE", "TITLE"], ["PRICE", "TITLE"]), ([], [])):
        data = await api.ask(dependent.domain, changes, {"id": str(job.id), "fields": fields})
        assert [node["field"] for node in data["job"]["changes"]["nodes"]] == found
    error = await api.error(dependent.domain, changes, {"id": str(job.id), "fields": ["PRICE", "X"]})
    assert (error["code"], error["field"]) == ("INVALID_INPUT", ["filter", "fields", "1"])


async def test_linking_and_unlinking_by_hand(api: Api) -> None:
    main, dependent, tie = await linked(api)
    await a_product(main, 2, "Mint", "M-1")
    await a_product(dependent, 1002, "Menthe", "ME-1")
    pair = {"c": str(tie.id), "m": gid(2), "d": gid(1002)}
    made = (await api.ask(dependent.domain, LINK, pair))["linkProducts"]
    assert made == {"job": {"kind": "RESOLVE", "trigger": "MANUAL", "state": "QUEUED"}, "userErrors": []}
    job = await Job.get(kind=JobKind.RESOLVE)
    assert job.payload == {"main_products": [gid(2)], "products": [gid(1002)]}
    decided = await Conflict.get(connection_id=tie.id, main_gid=gid(2))
    assert (decided.code, decided.state) == ("BY_HAND", ConflictState.RESOLVED)
    assert decided.decision == {"kind": "LINK_TO", "product": gid(1002)}

    before = await everything()
    for wrong, code, field in (
        ({"m": gid(1)}, "ALREADY_LINKED", ["mainProductId"]),
        ({"d": gid(1001)}, "ALREADY_LINKED", ["dependentProductId"]),
        ({"m": gid(7)}, "NOT_FOUND", ["mainProductId"]),
        ({"d": gid(2)}, "NOT_FOUND", ["dependentProductId"]),
        ({"m": ""}, "INVALID_ID", ["mainProductId"]),
        ({"d": "a\x00b"}, "INVALID_INPUT", ["dependentProductId"]),
    ):
        answer = (await api.ask(dependent.domain, LINK, pair | wrong))["linkProducts"]
        assert answer == {"job": None, "userErrors": [{"code": code, "field": field}]}
    assert await everything() == before

    link = await ProductLink.get(connection_id=tie.id)
    gone = (await api.ask(dependent.domain, UNLINK, {"id": str(link.id)}))["unlinkProducts"]
    assert gone == {"unlinkedId": str(link.id), "job": {"kind": "RESOLVE"}, "userErrors": []}
    assert await ProductLink.all().count() == await VariantLink.all().count() == 0
    again = (await api.ask(dependent.domain, UNLINK, {"id": str(link.id)}))["unlinkProducts"]
    assert again["userErrors"] == [{"code": "NOT_FOUND", "field": ["linkId"]}]


async def test_an_ended_connection_links_nothing(api: Api) -> None:
    _, dependent, tie = await linked(api)
    link = await ProductLink.get(connection_id=tie.id)
    await Connection.filter(id=tie.id).update(state=ConnectionState.DISCONNECTED)
    before = await everything()
    pair = {"c": str(tie.id), "m": gid(1), "d": gid(1001)}
    assert (await api.ask(dependent.domain, LINK, pair))["linkProducts"]["userErrors"] == [
        {"code": "NOT_CONNECTED", "field": None}
    ]
    assert (await api.ask(dependent.domain, UNLINK, {"id": str(link.id)}))["unlinkProducts"][
        "userErrors"
    ] == [{"code": "NOT_CONNECTED", "field": None}]
    assert await everything() == before
