"""Every query and mutation against what is the caller's own, a connected shop's, a stranger's, missing and
malformed. A stranger's answer must be the same as for what does not exist, and nothing may have changed."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from backend.connections.mappings import save_mapping
from backend.models.api_token import ApiToken
from backend.models.connection import Connection, ConnectionState
from backend.models.job import ChangeState, Job, JobKind, JobState
from backend.models.link import Conflict
from backend.models.shop import Role, Shop
from tests.api import (
    Api,
    a_change,
    a_conflict,
    a_difference,
    a_hold,
    a_job,
    a_link,
    a_local_edit,
    a_product,
    a_product_aside,
    a_subject_aside,
    an_invitation,
    chosen,
    everything,
    locations_of,
)

MAIN, DEPENDENT, STRANGER = "main.myshopify.com", "dependent.myshopify.com", "stranger.myshopify.com"
PRODUCT = "gid://shopify/Product/1001"


@dataclass(slots=True)
class Rows:
    """One of each, belonging to the connection of MAIN and DEPENDENT."""

    connection: str
    main: str
    job: str
    run: str
    change: str
    mapping: str
    conflict: str
    hold: str
    subject: str
    product: str
    invitation: str
    api_token: str
    main_location: str
    dependent_location: str
    link: str


@pytest.fixture
async def rows(api: Api) -> Rows:
    main, dependent, tie = await api.a_pair()
    await api.a_shop("stranger", Role.DEPENDENT)
    await chosen(tie)
    job = await a_job(tie, state=JobState.PARTIAL, counts={"HELD": 1})
    change = await a_change(job, state=ChangeState.HELD, held_reason="PRICE_JUMP")
    theirs, ours = await locations_of(main), await locations_of(dependent)
    now = api.clock.now()
    mapping, _ = await save_mapping(tie, theirs[0], ours[0], allow=lambda _: None, now=now)
    conflict, hold = await a_conflict(tie), await a_hold(tie)
    link = await a_link(tie)
    await a_difference(tie)
    await a_local_edit(tie)
    subject, product = await a_subject_aside(dependent), await a_product_aside(tie)
    invitation = await an_invitation(main, DEPENDENT)
    await api.api_token(dependent)
    token = await ApiToken.get(shop_id=dependent.id)
    return Rows(
        str(tie.id), str(main.id), str(job.id), str(job.run_id), str(change.id), str(mapping.id),
        str(conflict.id), str(hold.id), str(subject.id), str(product.id), str(invitation.id), str(token.id),
        theirs[1], ours[1], str(link.id),
    )  # fmt: skip


SAVE_MAPPING = """saveLocationMapping(connectionId: "{id}", mainLocationId: "gid://shopify/Location/1",
    dependentLocationId: "gid://shopify/Location/2")"""

KEEP_LOCAL = 'keepLocal(connectionId: "{id}", productId: "gid://shopify/Product/1001", field: "TITLE")'

LINK_PRODUCTS = """linkProducts(connectionId: "{id}", mainProductId: "gid://shopify/Product/1",
    dependentProductId: "gid://shopify/Product/1001")"""

# name: (document with {id}, the attribute of Rows that it names)
MUTATIONS = {
    "disconnect": ('disconnect(connectionId: "{id}")', "connection", "connectionId"),
    "pauseConnection": ('pauseConnection(connectionId: "{id}")', "connection", "connectionId"),
    "resumeConnection": ('resumeConnection(connectionId: "{id}")', "connection", "connectionId"),
    "setDelegation": (
        'setDelegation(connectionId: "{id}", enabled: true)', "connection", "connectionId",
    ),
    "copySettings": (
        'copySettings(fromConnectionId: "{id}", toConnectionIds: ["{id}"])', "connection", "fromConnectionId",
    ),
    "acceptInvitation": ('acceptInvitation(id: "{id}")', "invitation", "id"),
    "declineInvitation": ('declineInvitation(id: "{id}")', "invitation", "id"),
    "resendInvitation": ('resendInvitation(id: "{id}")', "invitation", "id"),
    "revokeInvitation": ('revokeInvitation(id: "{id}")', "invitation", "id"),
    "updateSyncSettings": (
        'updateSyncSettings(connectionId: "{id}", input: {{prices: false}})', "connection", "connectionId",
    ),
    "previewSync": ('previewSync(connectionId: "{id}")', "connection", "connectionId"),
    "syncAll": ('syncAll(connectionIds: ["{id}"])', "connection", "connectionIds"),
    "saveLocationMapping": (
        SAVE_MAPPING, "connection", "connectionId",
    ),
    "deleteLocationMapping": ('deleteLocationMapping(id: "{id}")', "mapping", "id"),
    "cancelJob": ('cancelJob(id: "{id}")', "job", "id"),
    "retryJob": ('retryJob(id: "{id}")', "job", "id"),
    "undoJob": ('undoJob(id: "{id}")', "job", "id"),
    "undoProduct": ('undoProduct(jobId: "{id}", productId: "gid://shopify/Product/1")', "job", "jobId"),
    "confirmChanges": ('confirmChanges(jobId: "{id}")', "job", "jobId"),
    "rejectChanges": ('rejectChanges(jobId: "{id}")', "job", "jobId"),
    "undoChanges": ('undoChanges(changeIds: ["{id}"])', "change", "changeIds"),
    "releaseHold": ('releaseHold(id: "{id}")', "hold", "id"),
    "repairDifferences": ('repairDifferences(connectionId: "{id}")', "connection", "connectionId"),
    "keepLocal": (KEEP_LOCAL, "connection", "connectionId"),
    "useMainValue": (KEEP_LOCAL.replace("keepLocal", "useMainValue"), "connection", "connectionId"),
    "linkProducts": (LINK_PRODUCTS, "connection", "connectionId"),
    "unlinkProducts": ('unlinkProducts(linkId: "{id}")', "link", "linkId"),
    "linkConflict": (
        'linkConflict(id: "{id}", dependentProductId: "gid://shopify/Product/1001")', "conflict", "id",
    ),
    "ignoreConflict": ('ignoreConflict(id: "{id}")', "conflict", "id"),
    "createFromConflict": ('createFromConflict(id: "{id}")', "conflict", "id"),
    "reopenConflict": ('reopenConflict(id: "{id}")', "conflict", "id"),
    "revokeApiToken": ('revokeApiToken(id: "{id}")', "api_token", "id"),
}  # fmt: skip

# The dependent's rights: the main gets FORBIDDEN, for it may see the row.
DEPENDENTS_OWN = {
    "updateSyncSettings", "saveLocationMapping", "deleteLocationMapping", "undoJob", "undoProduct",
    "confirmChanges", "rejectChanges", "undoChanges", "releaseHold", "linkConflict", "ignoreConflict",
    "linkProducts", "unlinkProducts", "createFromConflict", "reopenConflict", "repairDifferences",
    "keepLocal", "useMainValue", "setDelegation", "acceptInvitation", "declineInvitation",
}  # fmt: skip
MAINS_OWN = {"resendInvitation", "revokeInvitation"}
# A main can't lend itself what was lent to it, nor answer its own invitation.
NEVER_LENT = {"setDelegation", "acceptInvitation", "declineInvitation"}

VALUE_TRACE = """{{
    valueTrace(connectionId: "{id}", productId: "gid://shopify/Product/1001", field: "TITLE") {{
    cause history {{ nodes {{ id }} }} }} }}"""

NULLABLE = {
    "connection": ('{{ connection(id: "{id}") {{ id }} }}', "connection"),
    "job": ('{{ job(id: "{id}") {{ id }} }}', "job"),
    "run": ('{{ run(id: "{id}") {{ id }} }}', "run"),
}
LISTS = {
    "syncSettings": ('{{ syncSettings(connectionId: "{id}") {{ version }} }}', "connection"),
    "locationMappings": ('{{ locationMappings(connectionId: "{id}") {{ id }} }}', "connection"),
    "locations": ('{{ locations(shopId: "{id}") {{ id }} }}', "main"),
    "links": ('{{ links(connectionId: "{id}") {{ edges {{ node {{ id }} }} }} }}', "connection"),
    "conflicts": ('{{ conflicts(connectionId: "{id}") {{ edges {{ node {{ id }} }} }} }}', "connection"),
    "holds": ('{{ holds(connectionId: "{id}") {{ edges {{ node {{ id }} }} }} }}', "connection"),
    "differences": ('{{ differences(connectionId: "{id}") {{ edges {{ node {{ id }} }} }} }}', "connection"),
    "localEdits": ('{{ localEdits(connectionId: "{id}") {{ edges {{ node {{ id }} }} }} }}', "connection"),
    "unlinkedProducts": (
        '{{ unlinkedProducts(connectionId: "{id}") {{ nodes {{ id }} }} }}', "connection",
    ),
    "freeProducts": ('{{ freeProducts(connectionId: "{id}") {{ nodes {{ id }} }} }}', "connection"),
    "mainProducts": ('{{ mainProducts(connectionId: "{id}") {{ nodes {{ id }} }} }}', "connection"),
    "productValues": (
        '{{ productValues(connectionId: "{id}", productId: "gid://shopify/Product/1001") {{ title }} }}',
        "connection",
    ),
    "valueTrace": (VALUE_TRACE, "connection"),
    "setAsideProducts": (
        '{{ setAsideProducts(connectionId: "{id}") {{ edges {{ node {{ id }} }} }} }}', "connection",
    ),
}  # fmt: skip


async def _errors(api: Api, caller: str, field: str, call: str) -> list[dict[str, object]]:
    data = await api.ask(caller, f"mutation {{ {call} {{ userErrors {{ code field }} }} }}")
    errors: list[dict[str, object]] = data[field]["userErrors"]
    return errors


@pytest.mark.parametrize("field", MUTATIONS)
async def test_a_mutation_of_a_strangers_row_is_one_of_a_missing_row(
    api: Api, rows: Rows, field: str
) -> None:
    call, attribute, argument = MUTATIONS[field]
    missing = "999999" if attribute == "change" else str(uuid4())
    before = await everything()
    foreign = await _errors(api, STRANGER, field, call.format(id=getattr(rows, attribute)))
    absent = await _errors(api, STRANGER, field, call.format(id=missing))
    malformed = await _errors(api, STRANGER, field, call.format(id="../1"))
    assert [error["code"] for error in foreign] == ["NOT_FOUND"]
    assert foreign == absent
    assert [error["code"] for error in malformed] == ["INVALID_ID"]
    for (error,) in (foreign, malformed):
        assert isinstance(error["field"], list)
        assert error["field"][0] == argument
    assert await everything() == before


@pytest.mark.parametrize("field", sorted(DEPENDENTS_OWN))
async def test_what_is_the_dependents_is_forbidden_to_the_main(api: Api, rows: Rows, field: str) -> None:
    await _forbidden(api, rows, MAIN, field)


@pytest.mark.parametrize("field", sorted(MAINS_OWN))
async def test_what_is_the_mains_is_forbidden_to_the_dependent(api: Api, rows: Rows, field: str) -> None:
    await _forbidden(api, rows, DEPENDENT, field)


async def _forbidden(api: Api, rows: Rows, caller: str, field: str) -> None:
    call, attribute, _ = MUTATIONS[field]
    before = await everything()
    errors = await _errors(api, caller, field, call.format(id=getattr(rows, attribute)))
    assert [error["code"] for error in errors] == ["FORBIDDEN"]
    assert await everything() == before


@pytest.mark.parametrize("field", sorted(DEPENDENTS_OWN))
async def test_what_is_delegated_the_main_may_do_too(api: Api, rows: Rows, field: str) -> None:
    await Connection.filter(id=rows.connection).update(delegated=True)
    call, attribute, _ = MUTATIONS[field]
    id_ = getattr(rows, attribute)
    codes = [error["code"] for error in await _errors(api, MAIN, field, call.format(id=id_))]
    assert ("FORBIDDEN" in codes) is (field in NEVER_LENT)
    # A stranger's answer is what it was.
    foreign = [error["code"] for error in await _errors(api, STRANGER, field, call.format(id=id_))]
    assert foreign == ["NOT_FOUND"]


# What a delegation lends, and, of jobs that only the dependent may start, what follows from it.
LENT = sorted(DEPENDENTS_OWN - NEVER_LENT | {"cancelJob", "retryJob"})
_WAITERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.mark.parametrize("field", LENT)
async def test_what_is_taken_back_meanwhile_is_not_done(
    api: Api, rows: Rows, database_url: str, field: str
) -> None:
    """The main was let in, and waits for the row in which the dependent takes its word back."""
    dependent = await Shop.get(domain=DEPENDENT)
    await a_product(dependent, 1001)
    job = await Job.get(id=rows.job)
    await a_change(job, 2, product_gid="gid://shopify/Product/1", state=ChangeState.APPLIED)
    if field in ("cancelJob", "retryJob"):
        await Job.filter(id=job.id).update(kind=JobKind.UNDO)
    await Connection.filter(id=rows.connection).update(delegated=True)
    before = await everything()
    call, attribute, _ = MUTATIONS[field]
    url = database_url.replace("asyncpg://", "postgresql://")
    taking_back, watching = await asyncpg.connect(url), await asyncpg.connect(url)
    async with taking_back.transaction():
        await taking_back.execute("UPDATE connection SET delegated = false")
        asking = asyncio.create_task(_errors(api, MAIN, field, call.format(id=getattr(rows, attribute))))
        while not (asking.done() or await watching.fetchval(_WAITERS)):  # noqa: ASYNC110 - locks tell nobody
            await asyncio.sleep(0.01)
    await taking_back.close()
    await watching.close()
    assert [error["code"] for error in await asking] == ["FORBIDDEN"]
    for row in before["connection"]:
        row["delegated"] = False
    assert await everything() == before


@pytest.mark.parametrize("field", MUTATIONS)
async def test_nobody_gets_in_without_a_token(api: Api, rows: Rows, field: str) -> None:
    call, attribute, _ = MUTATIONS[field]
    before = await everything()
    query = f"mutation {{ {call.format(id=getattr(rows, attribute))} {{ userErrors {{ code }} }} }}"
    assert (await api.post(None, query)).status_code == 401
    assert await everything() == before


@pytest.mark.parametrize("field", NULLABLE)
async def test_what_is_a_strangers_reads_as_null(api: Api, rows: Rows, field: str) -> None:
    query, attribute = NULLABLE[field]
    own = query.format(id=getattr(rows, attribute))
    for caller in (MAIN, DEPENDENT):
        assert (await api.ask(caller, own))[field] == {"id": getattr(rows, attribute)}
    assert (await api.ask(STRANGER, own))[field] is None
    assert (await api.ask(STRANGER, query.format(id=uuid4())))[field] is None
    assert (await api.error(DEPENDENT, query.format(id="1")))["code"] == "INVALID_ID"
    assert (await api.post(None, own)).status_code == 401


@pytest.mark.parametrize("field", LISTS)
async def test_lists_of_a_stranger_are_not_found(api: Api, rows: Rows, field: str) -> None:
    query, attribute = LISTS[field]
    own = query.format(id=getattr(rows, attribute))
    for caller in (MAIN, DEPENDENT):
        assert (await api.ask(caller, own))[field]
    foreign = await api.error(STRANGER, own)
    assert foreign["code"] == "NOT_FOUND"
    assert foreign == await api.error(STRANGER, query.format(id=uuid4()))
    assert (await api.error(DEPENDENT, query.format(id="1")))["code"] == "INVALID_ID"
    assert (await api.post(None, own)).status_code == 401


RETRY = """mutation($subjects: [ID!], $products: [ID!]) {
    retrySetAside(subjectIds: $subjects, productIds: $products) { count userErrors { code field } } }"""
ASIDE = "{ setAsideSubjects { nodes { id kind subjectId reason attempts } } }"


async def test_what_was_set_aside_is_the_shops_own(api: Api, rows: Rows) -> None:
    own = {"id": rows.subject, "kind": "PRODUCT", "subjectId": "gid://shopify/Product/1",
           "reason": "It failed.", "attempts": 3}  # fmt: skip
    assert (await api.ask(DEPENDENT, ASIDE))["setAsideSubjects"]["nodes"] == [own]
    for caller in (MAIN, STRANGER):
        assert (await api.ask(caller, ASIDE))["setAsideSubjects"]["nodes"] == []
    before = await everything()
    for caller, given, field in (
        (MAIN, {"subjects": [rows.subject]}, "subjectIds"),
        (STRANGER, {"subjects": [rows.subject]}, "subjectIds"),
        (STRANGER, {"products": [rows.product]}, "productIds"),
        (DEPENDENT, {"subjects": [rows.subject, "999999"]}, "subjectIds"),
    ):
        assert (await api.ask(caller, RETRY, given))["retrySetAside"] == {
            "count": None, "userErrors": [{"code": "NOT_FOUND", "field": [field]}],
        }  # fmt: skip
    malformed = (await api.ask(DEPENDENT, RETRY, {"products": ["x"]}))["retrySetAside"]
    assert malformed["userErrors"] == [{"code": "INVALID_ID", "field": ["productIds", "0"]}]
    assert (await api.ask(STRANGER, RETRY))["retrySetAside"] == {"count": 0, "userErrors": []}
    assert await everything() == before
    assert (await api.post(None, RETRY)).status_code == 401


async def test_the_set_up_is_finished_for_the_shop_that_says_so_alone(api: Api, rows: Rows) -> None:
    finish = "mutation { finishOnboarding { shop { onboardedAt } userErrors { code } } }"
    seen = "{ shops { nodes { domain onboardedAt } } }"
    done = (await api.ask(DEPENDENT, finish))["finishOnboarding"]
    assert done["userErrors"] == []
    assert done["shop"]["onboardedAt"] is not None
    # The first time counts.
    assert (await api.ask(DEPENDENT, finish))["finishOnboarding"] == done
    nodes = {
        caller: {
            each["domain"]: each["onboardedAt"] for each in (await api.ask(caller, seen))["shops"]["nodes"]
        }
        for caller in (MAIN, DEPENDENT, STRANGER)
    }
    assert nodes == {
        MAIN: {MAIN: None, DEPENDENT: None},
        DEPENDENT: {DEPENDENT: done["shop"]["onboardedAt"], MAIN: None},
        STRANGER: {STRANGER: None},
    }
    before = await everything()
    assert (await api.post(None, finish)).status_code == 401
    assert await everything() == before


async def test_work_that_waits_is_told_to_its_two_shops_alone(api: Api, rows: Rows) -> None:
    old = api.clock.now() - timedelta(minutes=5)
    tie = await Connection.get(id=rows.connection).prefetch_related("main")
    await a_subject_aside(tie.main, 7, due_at=old, set_aside_at=None, attempts=0)
    for caller in (MAIN, DEPENDENT):
        assert (await api.ask(caller, "{ unattendedSince }"))["unattendedSince"] is not None
    assert (await api.ask(STRANGER, "{ unattendedSince }")) == {"unattendedSince": None}
    assert (await api.post(None, "{ unattendedSince }")).status_code == 401
    await Connection.filter(id=rows.connection).update(state=ConnectionState.DISCONNECTED)
    assert (await api.ask(DEPENDENT, "{ unattendedSince }")) == {"unattendedSince": None}


async def test_api_tokens_are_the_shops_own(api: Api, rows: Rows) -> None:
    own = "{ apiTokens(includeRevoked: true) { nodes { id name } totalCount } }"
    assert (await api.ask(DEPENDENT, own))["apiTokens"] == {
        "nodes": [{"id": rows.api_token, "name": "ERP"}],
        "totalCount": 1,
    }
    before = await everything()
    for caller in (MAIN, STRANGER):
        assert (await api.ask(caller, own))["apiTokens"] == {"nodes": [], "totalCount": 0}
        errors = await _errors(api, caller, "revokeApiToken", f'revokeApiToken(id: "{rows.api_token}")')
        assert errors == [{"code": "NOT_FOUND", "field": ["id"]}]
    assert await everything() == before
    assert (await api.post(None, own)).status_code == 401


@pytest.mark.parametrize("field", sorted(MUTATIONS))
async def test_a_strangers_api_token_opens_no_more_than_its_session(api: Api, rows: Rows, field: str) -> None:
    token = await api.api_token(await Shop.get(domain=STRANGER))
    call, attribute, _ = MUTATIONS[field]
    query = f"mutation {{ {call.format(id=getattr(rows, attribute))} {{ userErrors {{ code field }} }} }}"
    before = await everything()
    found = (await api.post_as(token, query)).json()["data"][field]["userErrors"]
    expected = "FORBIDDEN" if field in {"revokeApiToken", "setDelegation"} else "NOT_FOUND"
    assert [error["code"] for error in found] == [expected]
    after = await everything()
    assert before.pop("api_token") != after.pop("api_token")  # it was used
    assert after == before


async def test_a_stranger_sees_only_itself(api: Api, rows: Rows) -> None:
    data = await api.ask(
        STRANGER,
        "{ shops { edges { node { domain } } } connections { edges { node { id } } } jobs { totalCount }"
        " invitations { totalCount } }",
    )
    assert data == {
        "shops": {"edges": [{"node": {"domain": STRANGER}}]},
        "connections": {"edges": []},
        "jobs": {"totalCount": 0},
        "invitations": {"totalCount": 0},
    }


async def test_siblings_do_not_see_each_other(api: Api, rows: Rows) -> None:
    key = (await api.ask(MAIN, "{ shop { connectionKey } }"))["shop"]["connectionKey"]
    connected = await api.ask(
        STRANGER,
        f'mutation {{ connectWithKey(key: "{key}") {{ connection {{ id }} userErrors {{ code }} }} }}',
    )
    assert connected["connectWithKey"]["userErrors"] == []
    names = "{ shops { edges { node { domain isSelf connectionKey } } } }"
    seen = {
        caller: [edge["node"] for edge in (await api.ask(caller, names))["shops"]["edges"]]
        for caller in (MAIN, DEPENDENT, STRANGER)
    }
    assert [shop["domain"] for shop in seen[MAIN]] == [MAIN, DEPENDENT, STRANGER]
    assert [shop["domain"] for shop in seen[DEPENDENT]] == [DEPENDENT, MAIN]
    assert [shop["domain"] for shop in seen[STRANGER]] == [STRANGER, MAIN]
    assert [shop["isSelf"] for shop in seen[DEPENDENT]] == [True, False]
    assert [shop["connectionKey"] for shop in seen[DEPENDENT]] == [None, None]
    assert seen[MAIN][0]["connectionKey"] == key


FORMER = {
    "unlinkedProducts": 'unlinkedProducts(connectionId: "{id}") {{ nodes {{ title }} }}',
    "freeProducts": 'freeProducts(connectionId: "{id}") {{ nodes {{ title }} }}',
    "mainProducts": 'mainProducts(connectionId: "{id}") {{ nodes {{ title }} }}',
    "productValues": 'productValues(connectionId: "{id}", productId: "gid://shopify/Product/1001")'
    " {{ title }}",
    "valueTrace": 'valueTrace(connectionId: "{id}", productId: "gid://shopify/Product/1001", field: "TITLE")'
    " {{ cause }}",
}


@pytest.mark.parametrize("field", FORMER)
async def test_former_partners_see_nothing_of_what_is_there_now(api: Api, rows: Rows, field: str) -> None:
    await Connection.filter(id=rows.connection).update(state=ConnectionState.DISCONNECTED)
    query = "{ " + FORMER[field].format(id=rows.connection) + " }"
    for caller in (MAIN, DEPENDENT):
        assert (await api.error(caller, query))["code"] == "NOT_CONNECTED"
    assert (await api.error(STRANGER, query))["code"] == "NOT_FOUND"


TITLES = """query($id: ID!, $search: String) { connection(id: $id) { productCounts { linked available }
        locationMappings { main { name } dependent { name } } main { ...S } dependent { ...S } }
    links(connectionId: $id, filter: { search: $search }) { nodes { title } }
    holds(connectionId: $id, filter: { search: $search }) { nodes { title } }
    setAsideProducts(connectionId: $id) { nodes { title } }
    conflicts(connectionId: $id) { nodes { title candidates { title } } } }
fragment S on Shop { domain installed scopes missingScopes productCounts { linked available } }"""


async def test_former_partners_see_of_each_other_what_was_recorded(api: Api, rows: Rows) -> None:
    for domain, number, title in ((MAIN, 1, "Tea"), (DEPENDENT, 1001, "Thé")):
        await a_product(await Shop.get(domain=domain), number, title)
    await Conflict.filter(id=rows.conflict).update(candidates=[{"product": PRODUCT, "sku": ""}])

    async def seen(caller: str, search: str = "") -> dict[str, Any]:
        return await api.ask(caller, TITLES, {"id": rows.connection, "search": search})

    together = {caller: await seen(caller) for caller in (MAIN, DEPENDENT)}
    assert together[MAIN] == together[DEPENDENT]
    whole = together[MAIN]
    places = whole["connection"]["locationMappings"][0]
    for side, name, title in (("main", MAIN, "Tea"), ("dependent", DEPENDENT, "Thé")):
        assert whole["connection"][side]["installed"] is True
        assert whole["connection"][side]["productCounts"] == {"linked": 1, "available": 1}
        assert len(whole["connection"][side]["scopes"]) > 3
        assert len((await seen(MAIN, title))["links" if side == "main" else "holds"]["nodes"]) == 1
        assert name == whole["connection"][side]["domain"]

    await Connection.filter(id=rows.connection).update(state=ConnectionState.DISCONNECTED)
    none: dict[str, Any] = {"installed": None, "scopes": [], "missingScopes": []}
    none["productCounts"] = {"linked": 0, "available": None}
    for caller, own, other in ((MAIN, "main", "dependent"), (DEPENDENT, "dependent", "main")):
        now = (await seen(caller))["connection"]
        assert now[own]["installed"] is True
        assert now[other] == {"domain": whole["connection"][other]["domain"]} | none
        assert now["locationMappings"] == [{own: places[own], other: {"name": ""}}]
    main, dependent = await seen(MAIN), await seen(DEPENDENT)
    assert main["connection"]["productCounts"] == {"linked": 1, "available": 1}
    assert dependent["connection"]["productCounts"] == {"linked": 1, "available": None}
    assert [each["links"]["nodes"] for each in (main, dependent)] == [[{"title": "Tea"}], [{"title": "Thé"}]]
    assert [each["holds"]["nodes"] for each in (main, dependent)] == [[{"title": ""}], [{"title": "Thé"}]]
    assert dependent["setAsideProducts"]["nodes"] == [{"title": ""}]
    assert [each["conflicts"]["nodes"][0] for each in (main, dependent)] == [
        {"title": "Tea", "candidates": [{"title": ""}]}, {"title": "Tea", "candidates": [{"title": "Thé"}]},
    ]  # fmt: skip
    # Nor does searching tell.
    assert (await seen(DEPENDENT, "Tea"))["links"]["nodes"] == []
    assert (await seen(MAIN, "Thé"))["holds"]["nodes"] == []


async def test_a_former_main_does_not_see_whom_the_shop_follows_now(api: Api, rows: Rows) -> None:
    await Connection.filter(id=rows.connection).update(state=ConnectionState.DISCONNECTED)
    other = await api.a_shop("other-main", Role.MAIN)
    dependent = await Shop.get(domain=DEPENDENT)
    new = await Connection.create(main=other, dependent=dependent, in_step_at=api.clock.now())
    query = """{ connections(states: [DISCONNECTED, ACTIVE]) { nodes {
        id dependent { domain lastInStepAt connection { id main { domain } permissions } } } } }"""
    [seen] = (await api.ask(MAIN, query))["connections"]["nodes"]
    assert seen == {
        "id": rows.connection,
        "dependent": {"domain": DEPENDENT, "lastInStepAt": None, "connection": None},
    }
    nodes = (await api.ask(other.domain, query))["connections"]["nodes"]
    assert [each["dependent"]["connection"]["id"] for each in nodes] == [str(new.id)]
