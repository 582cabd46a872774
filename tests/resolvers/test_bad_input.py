"""What people get wrong: each answered with a code at the right argument, and nothing changed."""

from uuid import UUID, uuid4

import pytest

from backend.models.connection import Connection, ConnectionState, SyncSettingsVersion
from backend.models.job import Job
from backend.models.shop import Role
from tests.api import Api, chosen, everything, locations_of

CONNECT = (
    "mutation($key: String!) { connectWithKey(key: $key) { connection { id } userErrors { code field } } }"
)


async def _connect(api: Api, domain: str, key: str) -> list[dict[str, object]]:
    payload = (await api.ask(domain, CONNECT, {"key": key}))["connectWithKey"]
    errors: list[dict[str, object]] = payload["userErrors"]
    assert (payload["connection"] is None) == bool(errors)
    return errors


async def _key(api: Api, domain: str) -> str:
    key: str = (await api.ask(domain, "{ shop { connectionKey } }"))["shop"]["connectionKey"]
    return key


async def test_keys_that_connect_nobody(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    dependent = await api.a_shop("dependent", Role.DEPENDENT)
    former = await api.a_shop("former", Role.MAIN)
    undecided = await api.a_shop("undecided")
    old, formers = await _key(api, main.domain), await _key(api, former.domain)
    rotated = await api.change(main.domain, "rotateConnectionKey", "", answer="connectionKey")
    assert rotated["connectionKey"] != old
    await api.change(former.domain, "chooseRole", "(role: DEPENDENT)", answer="shop { role }")
    key = await _key(api, main.domain)
    assert key == rotated["connectionKey"]
    before = await everything()
    cases = [
        (dependent.domain, "mss_nobody_has_this", "KEY_UNKNOWN", ["key"]),
        (dependent.domain, "", "KEY_UNKNOWN", ["key"]),
        (dependent.domain, old, "KEY_UNKNOWN", ["key"]),
        (dependent.domain, "k" * 2_000_000, "TOO_LONG", ["key"]),
        (dependent.domain, "a\x00b", "INVALID_INPUT", ["key"]),
        (main.domain, key, "KEY_OF_OWN_SHOP", ["key"]),
        (dependent.domain, formers, "KEY_OF_DEPENDENT", ["key"]),
        (undecided.domain, key, "ROLE_NOT_CHOSEN", None),
    ]
    for domain, given, code, field in cases:
        assert await _connect(api, domain, given) == [{"code": code, "field": field}]
    assert await everything() == before


async def test_a_shop_connects_once_and_its_role_is_then_fixed(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    other = await api.a_shop("other", Role.MAIN)
    dependent = await api.a_shop("dependent", Role.DEPENDENT)
    key = await _key(api, main.domain)
    assert await _connect(api, dependent.domain, f"  {key.upper()}\n") == []
    before = await everything()
    for given in (key, await _key(api, other.domain)):
        assert await _connect(api, dependent.domain, given) == [{"code": "ALREADY_CONNECTED", "field": None}]
    assert await _connect(api, other.domain, key) == [{"code": "NOT_A_DEPENDENT", "field": None}]
    for domain, role in ((main.domain, "DEPENDENT"), (dependent.domain, "MAIN")):
        payload = await api.change(domain, "chooseRole", f"(role: {role})", answer="shop { id }")
        assert payload == {"shop": None, "userErrors": [{"code": "ROLE_HAS_CONNECTIONS", "field": ["role"]}]}
    payload = await api.change(dependent.domain, "rotateConnectionKey", "", answer="connectionKey")
    assert payload["userErrors"] == [{"code": "NOT_A_MAIN", "field": None}]
    assert await everything() == before


async def test_disconnecting_and_connecting_again_revives_the_tie(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    gone = await api.change(
        dependent.domain,
        "disconnect",
        f'(connectionId: "{tie.id}")',
        answer="connection { state permissions }",
    )
    assert gone == {"connection": {"state": "DISCONNECTED", "permissions": []}, "userErrors": []}
    again = await api.change(
        main.domain, "disconnect", f'(connectionId: "{tie.id}")', answer="connection { id }"
    )
    assert again["userErrors"] == [{"code": "NOT_CONNECTED", "field": None}]
    assert await _connect(api, dependent.domain, await _key(api, main.domain)) == []
    (row,) = await Connection.all()
    assert (row.id, row.state, row.disconnected_at, row.settings_version) == (
        tie.id, ConnectionState.ACTIVE, None, 1,
    )  # fmt: skip
    assert [job.trigger.value for job in await Job.all()] == ["CONNECTED"]


async def test_a_mapping_needs_own_active_locations(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    stranger = await api.a_shop("stranger", Role.DEPENDENT)
    theirs, ours, foreign = [await locations_of(shop) for shop in (main, dependent, stranger)]
    saved = await _map(api, dependent.domain, tie.id, theirs[0], ours[0])
    assert saved == []
    before = await everything()
    cases = [
        (foreign[0], ours[0], "LOCATION_FOREIGN", ["mainLocationId"]),
        (theirs[1], foreign[0], "LOCATION_FOREIGN", ["dependentLocationId"]),
        (theirs[1], theirs[1], "LOCATION_FOREIGN", ["dependentLocationId"]),
        ("1", ours[0], "INVALID_ID", ["mainLocationId"]),
        (theirs[1], "gid://shopify/Product/1", "INVALID_ID", ["dependentLocationId"]),
        (theirs[0], ours[1], "LOCATION_TAKEN", ["mainLocationId"]),
        ("x" * 2_000_000, ours[0], "TOO_LONG", ["mainLocationId"]),
    ]
    for source, target, code, field in cases:
        assert await _map(api, dependent.domain, tie.id, source, target) == [{"code": code, "field": field}]
    assert await _map(api, dependent.domain, tie.id, theirs[0], ours[0]) == []
    assert await everything() == before


async def _map(api: Api, domain: str, tie: UUID, source: str, target: str) -> list[dict[str, object]]:
    query = """mutation($c: ID!, $m: ID!, $d: ID!) {
        saveLocationMapping(connectionId: $c, mainLocationId: $m, dependentLocationId: $d) {
            userErrors { code field } } }"""
    data = await api.ask(domain, query, {"c": str(tie), "m": source, "d": target})
    errors: list[dict[str, object]] = data["saveLocationMapping"]["userErrors"]
    return errors


SAVE = """mutation($c: ID!, $input: SyncSettingsInput!, $v: Int) {
    updateSyncSettings(connectionId: $c, input: $input, expectedVersion: $v) {
        syncSettings { version products details prices quantities priceRules { conversionRate } }
        job { trigger state } warnings { code field } userErrors { code field } } }"""

TRY = """mutation($c: ID!, $settings: SyncSettingsInput) {
    previewSync(connectionId: $c, settings: $settings) { job { id } userErrors { code field } } }"""


@pytest.mark.parametrize(
    "given, code, field",
    [
        ({"products": "ALL", "details": False}, "DETAILS_REQUIRED", ["details"]),
        ({"details": False, "prices": False, "quantities": False}, "NOTHING_TO_SYNC", ["details"]),
        ({"priceRules": {"conversionRate": "0"}}, "OUT_OF_RANGE", ["priceRules", "conversionRate"]),
        ({"priceRules": {"conversionRate": "NaN"}}, "OUT_OF_RANGE", ["priceRules", "conversionRate"]),
        ({"priceRules": {"percent": "-100"}}, "OUT_OF_RANGE", ["priceRules", "percent"]),
        ({"priceRules": {"amount": "1E400"}}, "OUT_OF_RANGE", ["priceRules", "amount"]),
        ({"priceRules": {"amount": "-1E999999999"}}, "OUT_OF_RANGE", ["priceRules", "amount"]),
        ({"priceRules": {"amount": "1E-999999999"}}, "OUT_OF_RANGE", ["priceRules", "amount"]),
        ({"priceRules": {"ending": "1"}}, "OUT_OF_RANGE", ["priceRules", "ending"]),
        ({"priceRules": {"ending": "-0.01"}}, "OUT_OF_RANGE", ["priceRules", "ending"]),
        ({"stockBuffer": -1}, "OUT_OF_RANGE", ["stockBuffer"]),
        ({"stockCap": -1}, "OUT_OF_RANGE", ["stockCap"]),
        ({"brake": {"percent": "101"}}, "OUT_OF_RANGE", ["brake", "percent"]),
        ({"brake": {"count": -1}}, "OUT_OF_RANGE", ["brake", "count"]),
        ({"brake": {"pricePercent": "-1"}}, "OUT_OF_RANGE", ["brake", "pricePercent"]),
        ({"selection": {"includeTags": ["x" * 300]}}, "TOO_LONG", ["selection", "includeTags"]),
        ({"selection": {"includeTags": ["x" * 2_000_000]}}, "TOO_LONG", ["selection", "includeTags", "0"]),
        ({"selection": {"excludeProductIds": ["5"]}}, "INVALID_ID", ["selection", "excludeProductIds"]),
        ({"selection": {"excludeTypes": [" "]}}, "INVALID_INPUT", ["selection", "excludeTypes"]),
        ({"metafieldNamespaces": [str(n) for n in range(251)]}, "TOO_MANY", ["metafieldNamespaces"]),
    ],
)
async def test_settings_that_make_no_sense(api: Api, given: object, code: str, field: list[str]) -> None:
    _, dependent, tie = await api.a_pair()
    before = await everything()
    data = await api.ask(dependent.domain, SAVE, {"c": str(tie.id), "input": given})
    payload = data["updateSyncSettings"]
    assert payload["userErrors"] == [{"code": code, "field": ["input", *field]}]
    assert (payload["syncSettings"], payload["job"]) == (None, None)
    assert await everything() == before


async def test_every_fault_of_the_settings_is_told_at_once(api: Api) -> None:
    _, dependent, tie = await api.a_pair()
    before = await everything()
    given = {"stockBuffer": -1, "priceRules": {"ending": "7"}, "brake": {"percent": "101", "count": -1}}
    fields = [["priceRules", "ending"], ["stockBuffer"], ["brake", "percent"], ["brake", "count"]]
    data = await api.ask(dependent.domain, SAVE, {"c": str(tie.id), "input": given})
    assert data["updateSyncSettings"]["userErrors"] == [
        {"code": "OUT_OF_RANGE", "field": ["input", *field]} for field in fields
    ]
    tried = await api.ask(dependent.domain, TRY, {"c": str(tie.id), "settings": given})
    assert tried["previewSync"]["userErrors"] == [
        {"code": "OUT_OF_RANGE", "field": ["settings", *field]} for field in fields
    ]
    assert await everything() == before


async def test_choosing_settings_starts_the_first_sync_and_an_old_editor_is_stopped(api: Api) -> None:
    _, dependent, tie = await api.a_pair()
    assert (
        await api.ask(dependent.domain, f'{{ syncSettings(connectionId: "{tie.id}") {{ version }} }}')
    ) == {"syncSettings": None}
    variables = {"c": str(tie.id), "input": {"products": "ALL"}, "v": 0}
    first = (await api.ask(dependent.domain, SAVE, variables))["updateSyncSettings"]
    assert first == {
        "syncSettings": {
            "version": 1, "products": "ALL", "details": True, "prices": True, "quantities": True,
            "priceRules": {"conversionRate": None},
        },
        "job": {"trigger": "SETTINGS", "state": "QUEUED"},
        "warnings": [],
        "userErrors": [],
    }  # fmt: skip
    before = await everything()
    stale = (await api.ask(dependent.domain, SAVE, variables))["updateSyncSettings"]
    assert stale["userErrors"] == [{"code": "CONFLICTING_EDIT", "field": ["expectedVersion"]}]
    same = (await api.ask(dependent.domain, SAVE, variables | {"v": 1}))["updateSyncSettings"]
    assert (same["syncSettings"]["version"], same["job"]) == (1, None)
    assert await everything() == before
    assert await SyncSettingsVersion.all().count() == 1


async def test_two_currencies_without_a_rate_are_saved_with_a_warning(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN, currency="EUR")
    dependent = await api.a_shop("dependent", Role.DEPENDENT, currency="USD")
    assert await _connect(api, dependent.domain, await _key(api, main.domain)) == []
    tie = await Connection.get(dependent_id=dependent.id)
    warned = (await api.ask(dependent.domain, SAVE, {"c": str(tie.id), "input": {}}))["updateSyncSettings"]
    assert warned["syncSettings"]["version"] == 1
    assert warned["warnings"] == [
        {"code": "CURRENCY_RATE_MISSING", "field": ["input", "priceRules", "conversionRate"]}
    ]
    rate = {"priceRules": {"conversionRate": "1.10"}}
    fixed = (await api.ask(dependent.domain, SAVE, {"c": str(tie.id), "input": rate}))["updateSyncSettings"]
    assert fixed["warnings"] == []
    assert fixed["syncSettings"]["priceRules"]["conversionRate"] == "1.10"
    saved = await SyncSettingsVersion.get(connection_id=tie.id, version=2)
    assert (saved.values["price_rules"]["rate_from"], saved.values["price_rules"]["rate_to"]) == (
        "EUR",
        "USD",
    )


async def test_a_token_of_another_shop_or_another_app_opens_nothing(api: Api) -> None:
    import jwt

    main, dependent, tie = await api.a_pair()
    token = api.token(dependent.domain)
    claims = jwt.decode(token, options={"verify_signature": False})
    secret = "a-secret-that-is-long-enough-for-hs256"
    foreign = claims | {"dest": f"https://{main.domain}"}
    forged = {
        jwt.encode(foreign, "another-secret-of-some-length-here!!"): "UNAUTHENTICATED",
        jwt.encode(foreign, secret): "UNAUTHENTICATED",
        jwt.encode(claims | {"aud": "another-app"}, secret): "UNAUTHENTICATED",
        jwt.encode(claims | {"exp": claims["exp"] - 200}, secret): "SESSION_EXPIRED",
        "not-a-token": "UNAUTHENTICATED",
    }
    before = await everything()
    for each, code in forged.items():
        answer = await api.http.post(
            "/graphql",
            json={
                "query": f'mutation {{ disconnect(connectionId: "{tie.id}") {{ userErrors {{ code }} }} }}'
            },
            headers={"Authorization": f"Bearer {each}"},
        )
        assert answer.status_code == 401
        assert answer.json()["errors"][0]["extensions"] == {"code": code}
        assert each not in answer.text
    assert await everything() == before


async def test_sync_all_queues_one_job_per_connection_or_nothing(api: Api) -> None:
    main, _, tie = await api.a_pair()
    before = await everything()
    some = f'(connectionIds: ["{tie.id}", "{uuid4()}"])'
    payload = await api.change(main.domain, "syncAll", some, answer="run { id }")
    assert payload["userErrors"] == [{"code": "NOT_FOUND", "field": ["connectionIds", "1"]}]
    assert await everything() == before
    started = await api.change(
        main.domain,
        "syncAll",
        "",
        answer="run { state jobs { id } progress { done total } } jobs { id runId }",
    )
    (job,) = await Job.all()
    assert started == {
        "run": {"state": "QUEUED", "jobs": [{"id": str(job.id)}], "progress": {"done": 0, "total": 1}},
        "jobs": [{"id": str(job.id), "runId": str(job.run_id)}],
        "userErrors": [],
    }
    redis = api.services.runtime.redis
    assert redis is not None
    assert await redis.hlen("dramatiq:background.msgs") == 1


QUERY = b'{"query": "{ shop { id } }"}'
JOB = b'{"query": "query($a: ID!) { job(id: $a) { id } }", "variables": {"a": %s}}'


@pytest.mark.parametrize(
    "body, kind",
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"1", "application/json"),
        (b'"{ shop { id } }"', "application/json"),
        (b"[" + QUERY + b"]", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"query": "\xff"}', "application/json"),
        (b'{"query": 1}', "application/json"),
        (b'{"variables": {}}', "application/json"),
        (b'{"query": "{ shop { id } }", "variables": []}', "application/json"),
        (b'{"query": "{ shop { id } }", "operationName": 1}', "application/json"),
        (b'{"query": "{ shop { id } }", "operationName": "Nobody"}', "application/json"),
        (JOB % b"NaN", "application/json"),
        # Half of a character: nothing could write it again.
        (JOB % b'"\\ud800"', "application/json"),
        (b'{"query": "{ shop { id } }", "variables": {"\\udfff": 1}}', "application/json"),
        (QUERY, "text/plain"),
        (QUERY, "multipart/form-data"),
        (QUERY, ""),
    ],
)  # fmt: skip
async def test_what_is_no_request_is_refused_with_a_code(api: Api, body: bytes, kind: str) -> None:
    main = await api.a_shop("main", Role.MAIN)
    headers = {"Authorization": f"Bearer {api.token(main.domain)}", "Content-Type": kind}
    answer = await api.http.post("/graphql", content=body, headers=headers)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) in {
        (400, "INVALID_INPUT"),
        (200, "INVALID_INPUT"),
    }
    assert answer.json()["data"] is None
