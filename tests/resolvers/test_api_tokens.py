"""API tokens: who makes them, what they open, and what they never do."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    is_required_argument,
    is_required_input_field,
)

from backend.api_tokens.secret import new_token
from backend.api_tokens.tokens import MOST_LIVING
from backend.database import connection, rows
from backend.models.api_token import ApiToken, TokenScope
from backend.models.job import Job, JobKind, JobState, Trigger
from backend.models.shop import Role, Shop
from backend.schema.root import schema
from tests.api import RETRY, Api, a_job, chosen, everything

CREATE = """mutation($name: String!, $scope: ApiTokenScope!) { createApiToken(name: $name, scope: $scope) {
    token apiToken { id name scope hint createdAt lastUsedAt revokedAt }
    userErrors { code field params { name value } } } }"""
REVOKE = (
    "mutation($id: ID!) { revokeApiToken(id: $id) { apiToken { id revokedAt } userErrors { code field } } }"
)
LIST = "{ apiTokens { nodes { name scope hint lastUsedAt revokedAt } totalCount } }"
SELF = "{ shop { domain } }"


async def create(api: Api, domain: str, name: str, scope: str = "READ") -> dict[str, Any]:
    payload: dict[str, Any] = (await api.ask(domain, CREATE, {"name": name, "scope": scope}))[
        "createApiToken"
    ]
    return payload


async def refused(api: Api, token: str, query: str = SELF) -> tuple[int, str]:
    answer = await api.post_as(token, query)
    assert token not in answer.text
    assert RETRY not in answer.headers
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


async def test_a_token_is_shown_once_and_kept_unreadable(api: Api) -> None:
    shop = await api.a_shop("main", Role.MAIN)
    made = await create(api, shop.domain, "  Warehouse \n system ", "WRITE")
    token = made["token"]
    assert made["userErrors"] == []
    assert made["apiToken"] == {
        "id": made["apiToken"]["id"],
        "name": "Warehouse system",
        "scope": "WRITE",
        "hint": token[-4:],
        "createdAt": made["apiToken"]["createdAt"],
        "lastUsedAt": None,
        "revokedAt": None,
    }
    stored = await rows(connection(), "SELECT to_jsonb(t)::text AS row, digest FROM api_token t")
    assert token not in stored[0]["row"]
    assert bytes(stored[0]["digest"]) == api.services.settings.keyring.digest(token)
    answer = await api.post_as(token, SELF)
    assert answer.json() == {"data": {"shop": {"domain": shop.domain}}}
    listed = (await api.ask(shop.domain, LIST))["apiTokens"]
    assert listed["totalCount"] == 1
    assert listed["nodes"][0]["lastUsedAt"] is not None
    assert token not in str(listed)


async def test_names_that_make_no_token(api: Api) -> None:
    shop, other = await api.a_shop("main", Role.MAIN), await api.a_shop("other", Role.MAIN)
    first = await create(api, shop.domain, "Straße")
    before = await everything()
    for name, code, params in (
        ("", "NAME_MISSING", []),
        (" \t\n", "NAME_MISSING", []),
        ("n" * 101, "TOO_LONG", [{"name": "limit", "value": "100"}]),
        ("n" * 5_000, "TOO_LONG", [{"name": "limit", "value": "4000"}]),
        ("a\x00b", "INVALID_INPUT", []),
        ("STRASSE", "NAME_TAKEN", []),
        (" straße ", "NAME_TAKEN", []),
    ):
        assert await create(api, shop.domain, name) == {
            "token": None,
            "apiToken": None,
            "userErrors": [{"code": code, "field": ["name"], "params": params}],
        }
    assert await everything() == before
    assert (await create(api, other.domain, "Straße"))["userErrors"] == []
    assert (await create(api, shop.domain, "n" * 100))["userErrors"] == []
    await api.ask(shop.domain, REVOKE, {"id": first["apiToken"]["id"]})
    assert (await create(api, shop.domain, "Straße"))["userErrors"] == []


async def test_a_shop_has_so_many_tokens_and_no_more(api: Api) -> None:
    shop = await api.a_shop("main", Role.MAIN)
    for number in range(MOST_LIVING):
        await api.api_token(shop, name=f"Token {number}")
    before = await everything()
    limit = [{"name": "limit", "value": str(MOST_LIVING)}]
    assert (await create(api, shop.domain, "One more"))["userErrors"] == [
        {"code": "TOKEN_LIMIT_REACHED", "field": None, "params": limit}
    ]
    assert await everything() == before
    oldest = await ApiToken.filter(shop_id=shop.id).first()
    assert oldest is not None
    await api.ask(shop.domain, REVOKE, {"id": str(oldest.id)})
    assert (await create(api, shop.domain, "One more"))["userErrors"] == []


async def test_tokens_come_in_pages_newest_first_without_those_revoked(api: Api) -> None:
    shop = await api.a_shop("main", Role.MAIN)
    for number in range(3):
        await api.api_token(shop, name=f"Token {number}")
        api.clock.ahead += 1
    gone = await ApiToken.get(name="Token 1")
    await api.ask(shop.domain, REVOKE, {"id": str(gone.id)})
    page = "{ nodes { name } pageInfo { hasNextPage endCursor } totalCount }"
    first = (await api.ask(shop.domain, f"{{ apiTokens(first: 1) {page} }}"))["apiTokens"]
    assert [each["name"] for each in first["nodes"]] == ["Token 2"]
    assert (first["pageInfo"]["hasNextPage"], first["totalCount"]) == (True, 2)
    after = first["pageInfo"]["endCursor"]
    second = (await api.ask(shop.domain, f'{{ apiTokens(first: 1, after: "{after}") {page} }}'))["apiTokens"]
    assert [each["name"] for each in second["nodes"]] == ["Token 0"]
    assert second["pageInfo"]["hasNextPage"] is False
    whole = (await api.ask(shop.domain, f"{{ apiTokens(includeRevoked: true) {page} }}"))["apiTokens"]
    assert [each["name"] for each in whole["nodes"]] == ["Token 2", "Token 1", "Token 0"]
    for arguments, field in (("first: 0", "first"), ("first: 101", "first"), ('after: "?"', "after")):
        error = await api.error(shop.domain, f"{{ apiTokens({arguments}) {page} }}")
        assert error["field"] == [field]


async def test_a_revoked_token_opens_nothing_from_then_on(api: Api) -> None:
    shop = await api.a_shop("main", Role.MAIN)
    made = await create(api, shop.domain, "ERP")
    id_, token = made["apiToken"]["id"], made["token"]
    assert (await api.post_as(token, SELF)).status_code == 200
    revoked = (await api.ask(shop.domain, REVOKE, {"id": id_}))["revokeApiToken"]
    assert revoked["apiToken"]["revokedAt"] is not None
    answer = await api.post_as(token, SELF)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert await refused(api, token) == (401, "TOKEN_REVOKED")
    api.clock.ahead += 60
    assert (await api.ask(shop.domain, REVOKE, {"id": id_}))["revokeApiToken"] == revoked
    for unknown, code in ((str(uuid4()), "NOT_FOUND"), ("1", "INVALID_ID"), ("a\x00", "INVALID_INPUT")):
        payload = (await api.ask(shop.domain, REVOKE, {"id": unknown}))["revokeApiToken"]
        assert payload == {"apiToken": None, "userErrors": [{"code": code, "field": ["id"]}]}


async def test_what_is_no_token_of_anybody(api: Api) -> None:
    shop = await api.a_shop("main", Role.MAIN)
    token = await api.api_token(shop)
    assert await refused(api, new_token()) == (401, "TOKEN_UNKNOWN")
    for wrong in (token[:-1], token + "x", token.upper(), "msat_", "msat_" + "é" * 38):
        expected = (401, "TOKEN_MALFORMED" if wrong.startswith("msat_") else "UNAUTHENTICATED")
        answer = await api.http.post(
            "/graphql",
            json={"query": SELF},
            headers={b"Authorization": f"Bearer {wrong}".encode()},
        )
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == expected
    assert (await ApiToken.get(shop_id=shop.id)).last_used_at is None


async def test_a_session_that_is_over_says_so_and_asks_for_a_new_one(api: Api) -> None:
    shop = await api.a_shop("main", Role.MAIN)
    over = api.token(shop.domain, at=api.clock.now() - timedelta(minutes=5))
    answer = await api.post_as(over, SELF)
    assert (answer.status_code, answer.headers[RETRY]) == (401, "1")
    assert answer.json()["errors"][0]["extensions"] == {"code": "SESSION_EXPIRED"}


async def test_a_shop_without_the_app_is_refused_until_it_is_back(api: Api) -> None:
    shop = await api.a_shop("main", Role.MAIN)
    token = await api.api_token(shop)
    await Shop.filter(id=shop.id).update(uninstalled_at=api.clock.now())
    assert await refused(api, token) == (403, "APP_NOT_INSTALLED")
    await api.ask(shop.domain, SELF)  # somebody opens the app: it is installed again
    assert (await api.post_as(token, SELF)).status_code == 200


async def test_use_is_written_down_once_a_minute(api: Api) -> None:
    shop = await api.a_shop("main", Role.MAIN)
    token = await api.api_token(shop)
    seen = []
    for seconds in (0, 59, 2):
        api.clock.ahead += seconds
        await api.post_as(token, SELF)
        seen.append((await ApiToken.get(shop_id=shop.id)).last_used_at)
    first, second, third = seen
    assert first is not None
    assert third is not None
    assert first == second
    assert timedelta(seconds=61) <= third - first < timedelta(seconds=75)


async def test_a_token_makes_and_revokes_no_token(api: Api) -> None:
    shop = await api.a_shop("main", Role.MAIN)
    token = await api.api_token(shop)
    row = await ApiToken.get(shop_id=shop.id)
    await api.post_as(token, SELF)
    before = await everything()
    for query, given, field in (
        (CREATE, {"name": "Another", "scope": "WRITE"}, "createApiToken"),
        (REVOKE, {"id": str(row.id)}, "revokeApiToken"),
    ):
        payload = (await api.post_as(token, query, given)).json()["data"][field]
        assert [error["code"] for error in payload["userErrors"]] == ["FORBIDDEN"]
    assert await everything() == before
    assert (await api.post_as(token, LIST)).json()["data"]["apiTokens"]["totalCount"] == 1


def _some(kind: GraphQLInputType) -> str:
    """A value of the type, as written in a document."""
    match kind:
        case GraphQLNonNull():
            return _some(kind.of_type)
        case GraphQLList():
            return "[]"
        case GraphQLEnumType():
            return str(next(iter(kind.values)))
        case GraphQLInputObjectType():
            required = {name: each for name, each in kind.fields.items() if is_required_input_field(each)}
            return "{" + ", ".join(f"{name}: {_some(each.type)}" for name, each in required.items()) + "}"
    return {"Boolean": "true", "Int": "1", "Float": "1"}.get(str(kind), '"1"')


def _mutation(name: str, field: Any) -> str:
    required = {key: each for key, each in field.args.items() if is_required_argument(each)}
    given = ", ".join(f"{key}: {_some(each.type)}" for key, each in required.items())
    return f"mutation {{ {name}{f'({given})' if given else ''} {{ userErrors {{ code field }} }} }}"


MUTATIONS = schema._schema.mutation_type
assert isinstance(MUTATIONS, GraphQLObjectType)


async def test_a_token_for_reading_changes_nothing_by_any_mutation_there_is(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    assert MUTATIONS is not None
    for shop in (main, dependent):
        token = await api.api_token(shop, TokenScope.READ)
        assert (await api.post_as(token, SELF)).status_code == 200
        before = await everything()
        for name, field in MUTATIONS.fields.items():
            body = (await api.post_as(token, _mutation(name, field))).json()
            assert body == {"data": {name: {"userErrors": [{"code": "TOKEN_READ_ONLY", "field": None}]}}}
        assert await everything() == before


async def test_no_program_reads_the_key_that_connects_shops(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    query = "{ shop { connectionKey } }"
    for scope in TokenScope:
        token = await api.api_token(main, scope, scope.value)
        assert (await api.post_as(token, query)).json() == {"data": {"shop": {"connectionKey": None}}}
    assert (await api.ask(main.domain, query))["shop"]["connectionKey"].startswith("mss_")


@pytest.mark.parametrize(
    "call",
    [
        "rotateConnectionKey",
        "finishOnboarding",
        "chooseRole(role: DEPENDENT)",
        'setDelegation(connectionId: "{id}", enabled: true)',
        'changePlan(planId: "free")',
    ],
)
async def test_what_outlives_a_token_or_costs_money_is_for_people(api: Api, call: str) -> None:
    main, dependent, tie = await api.a_pair()
    field = call.partition("(")[0]
    query = f"mutation {{ {call.format(id=tie.id)} {{ userErrors {{ code }} }} }}"
    for shop in (main, dependent):
        token = await api.api_token(shop, TokenScope.WRITE, f"Writes {shop.domain}")
        before = await everything()
        found = (await api.post_as(token, query)).json()["data"][field]["userErrors"]
        assert found == [{"code": "FORBIDDEN"}]
        after = await everything()
        assert before.pop("api_token") != after.pop("api_token")  # it was used
        assert after == before


@pytest.mark.parametrize(
    "call, kind",
    [
        ('syncAll(connectionIds: ["{tie}"])', JobKind.SYNC_ALL),
        ('previewSync(connectionId: "{tie}")', JobKind.PREVIEW),
        ('retryJob(id: "{job}")', JobKind.SYNC_ALL),
    ],
)
async def test_a_job_tells_which_token_asked_for_it(api: Api, call: str, kind: JobKind) -> None:
    main, _, tie = await api.a_pair()
    failed = await a_job(tie, state=JobState.FAILED)
    token = await api.api_token(main)
    row = await ApiToken.get(shop_id=main.id)
    query = f"mutation {{ {call.format(tie=tie.id, job=failed.id)} {{ userErrors {{ code }} }} }}"
    assert "errors" not in (await api.post_as(token, query)).json()
    job = await Job.exclude(id=failed.id).get()
    assert (job.kind, job.trigger, job.created_by) == (kind, Trigger.API, f"token:{row.id}")


async def test_a_token_has_the_rights_of_its_shop(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    query = f"""mutation {{ updateSyncSettings(connectionId: "{tie.id}", input: {{prices: false}}) {{
        syncSettings {{ version }} userErrors {{ code }} }} }}"""
    found = {}
    for shop in (main, dependent):
        answer = (await api.post_as(await api.api_token(shop), query)).json()
        found[shop.domain] = answer["data"]["updateSyncSettings"]
    assert found[main.domain] == {"syncSettings": None, "userErrors": [{"code": "FORBIDDEN"}]}
    assert found[dependent.domain] == {"syncSettings": {"version": 2}, "userErrors": []}
    assert (await Job.get(connection_id=tie.id)).trigger is Trigger.SETTINGS
