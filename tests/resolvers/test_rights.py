"""Pausing, delegating, copying settings: who, in which state, and what is left of it afterwards."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from backend.connections.mappings import delete_mapping, save_mapping
from backend.connections.pause import pause, resume
from backend.connections.settings import current_settings, save_settings
from backend.errors import ErrorCode, UserError
from backend.jobs import ending
from backend.models.connection import Connection, ConnectionState, LocationMapping, SyncSettingsVersion
from backend.models.job import Job
from backend.models.shop import Role, Shop, ShopToken
from backend.sync.settings import BrakeLimits, PriceRules, Selection, StockMode, SyncSettings
from tests.api import Api, a_connection, chosen, everything, locations_of

STATE = "connection { state pausedBy delegated permissions }"


async def _pause(api: Api, shop: Shop, tie: Connection) -> Any:
    return await api.change(shop.domain, "pauseConnection", f'(connectionId: "{tie.id}")', answer=STATE)


async def _resume(api: Api, shop: Shop, tie: Connection) -> Any:
    answer = f"{STATE} job {{ kind trigger state }}"
    return await api.change(shop.domain, "resumeConnection", f'(connectionId: "{tie.id}")', answer=answer)


async def _delegate(api: Api, shop: Shop, tie: Connection, enabled: bool) -> Any:
    arguments = f'(connectionId: "{tie.id}", enabled: {str(enabled).lower()})'
    return await api.change(shop.domain, "setDelegation", arguments, answer=STATE)


async def _stands(tie: Connection) -> tuple[ConnectionState, Role | None, bool]:
    row = await Connection.get(id=tie.id)
    return row.state, row.paused_by, row.delegated


MAIN_OWN = ["SYNC", "PREVIEW", "PAUSE", "RESUME", "DISCONNECT"]


async def test_a_pause_stops_syncs_and_a_resume_starts_one(api: Api) -> None:
    main, _, tie = await api.a_pair()
    await chosen(tie)
    paused = {"state": "PAUSED", "pausedBy": "MAIN", "delegated": False, "permissions": MAIN_OWN}
    assert await _pause(api, main, tie) == {"connection": paused, "userErrors": []}
    before = await everything()
    # Once more is no mistake and changes nothing.
    assert await _pause(api, main, tie) == {"connection": paused, "userErrors": []}
    refused = await api.change(main.domain, "syncAll", f'(connectionIds: ["{tie.id}"])', answer="run { id }")
    assert refused["userErrors"] == [{"code": "CONNECTION_PAUSED", "field": None}]
    assert await everything() == before

    resumed = await _resume(api, main, tie)
    assert resumed["connection"] | {"permissions": MAIN_OWN} == {
        "state": "ACTIVE", "pausedBy": None, "delegated": False, "permissions": MAIN_OWN,
    }  # fmt: skip
    assert resumed["job"] == {"kind": "SYNC_ALL", "trigger": "RESUMED", "state": "QUEUED"}
    before = await everything()
    again = await _resume(api, main, tie)
    assert (again["connection"]["state"], again["job"], again["userErrors"]) == ("ACTIVE", None, [])
    assert await everything() == before
    assert await Job.all().count() == 1


async def test_the_main_does_not_resume_what_the_dependent_has_paused(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    assert (await _pause(api, dependent, tie))["connection"]["pausedBy"] == "DEPENDENT"
    seen = await api.ask(main.domain, f'{{ connection(id: "{tie.id}") {{ state pausedBy permissions }} }}')
    assert seen["connection"] == {
        "state": "PAUSED", "pausedBy": "DEPENDENT",
        "permissions": ["SYNC", "PREVIEW", "PAUSE", "DISCONNECT"],
    }  # fmt: skip
    before = await everything()
    refused = await _resume(api, main, tie)
    assert refused == {
        "connection": None, "job": None, "userErrors": [{"code": "PAUSED_BY_DEPENDENT", "field": None}],
    }  # fmt: skip
    # Nor does the main's own pause make it the main's.
    assert (await _pause(api, main, tie))["connection"]["pausedBy"] == "DEPENDENT"
    assert await everything() == before
    # With the dependent's rights it may.
    await _delegate(api, dependent, tie, enabled=True)
    assert (await _resume(api, main, tie))["connection"]["state"] == "ACTIVE"


async def test_the_dependent_takes_over_a_pause_and_may_always_resume(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    await _pause(api, main, tie)
    assert (await _pause(api, dependent, tie))["connection"]["pausedBy"] == "DEPENDENT"
    assert (await _resume(api, dependent, tie))["connection"]["state"] == "ACTIVE"
    await _pause(api, main, tie)
    assert (await _resume(api, dependent, tie))["connection"]["pausedBy"] is None
    assert await _stands(tie) == (ConnectionState.ACTIVE, None, False)


async def test_without_settings_a_resume_starts_nothing(api: Api) -> None:
    _, dependent, tie = await api.a_pair()
    await _pause(api, dependent, tie)
    resumed = await _resume(api, dependent, tie)
    assert (resumed["connection"]["state"], resumed["job"]) == ("ACTIVE", None)
    assert await Job.all().count() == 0


async def test_an_ended_connection_is_neither_paused_nor_delegated(api: Api) -> None:
    _, dependent, tie = await api.a_pair()
    await Connection.filter(id=tie.id).update(state=ConnectionState.DISCONNECTED)
    before = await everything()
    gone = [{"code": "NOT_CONNECTED", "field": None}]
    assert (await _pause(api, dependent, tie))["userErrors"] == gone
    assert (await _resume(api, dependent, tie))["userErrors"] == gone
    assert (await _delegate(api, dependent, tie, enabled=True))["userErrors"] == gone
    assert await everything() == before


async def _comes_back(api: Api, shop: Shop) -> None:
    """The app was removed there and is opened again."""
    await ending.suspend(shop.id)
    await ShopToken.filter(shop_id=shop.id).delete()
    await api.ask(shop.domain, "{ shop { id } }")


async def test_a_pause_outlives_the_loss_of_a_shop(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    await _pause(api, dependent, tie)
    await ending.suspend(main.id)
    assert await _stands(tie) == (ConnectionState.SUSPENDED, Role.DEPENDENT, False)
    await _comes_back(api, main)
    assert await _stands(tie) == (ConnectionState.PAUSED, Role.DEPENDENT, False)
    assert await Job.all().count() == 0


async def test_a_suspended_connection_can_be_paused_for_when_its_shop_is_back(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    await ending.suspend(main.id)
    assert (await _pause(api, dependent, tie))["connection"]["state"] == "SUSPENDED"
    await _comes_back(api, main)
    assert await _stands(tie) == (ConnectionState.PAUSED, Role.DEPENDENT, False)

    # And the other way round: resumed while it is away, it goes on by itself.
    await ending.suspend(main.id)
    resumed = await _resume(api, dependent, tie)
    assert (resumed["connection"]["state"], resumed["job"]) == ("SUSPENDED", None)
    await _comes_back(api, main)
    assert await _stands(tie) == (ConnectionState.ACTIVE, None, False)
    assert [job.trigger.value for job in await Job.all()] == ["CONNECTED"]


async def test_a_suspended_connection_says_which_shops_have_to_be_opened(api: Api) -> None:
    """To both sides, in whichever shop it is; main first."""
    main, dependent, tie = await api.a_pair()
    query = """query($id: ID!) { connection(id: $id) { state shopsToOpen { domain isSelf } } }"""

    async def seen_by(shop: Shop) -> tuple[str, list[tuple[str, bool]]]:
        """As a program sees it: that a person opens the app there would bring the shop back."""
        answer = await api.post_as(tokens[shop.domain], query, {"id": str(tie.id)})
        found = answer.json()["data"]["connection"]
        return found["state"], [(each["domain"], each["isSelf"]) for each in found["shopsToOpen"]]

    tokens = {each.domain: await api.api_token(each) for each in (main, dependent)}
    assert await seen_by(main) == ("ACTIVE", [])
    await ending.suspend(main.id)
    assert await seen_by(dependent) == ("SUSPENDED", [(main.domain, False)])
    assert await seen_by(main) == ("SUSPENDED", [(main.domain, True)])
    await ending.suspend(dependent.id)
    assert await seen_by(dependent) == ("SUSPENDED", [(main.domain, False), (dependent.domain, True)])
    await _comes_back(api, main)
    assert await seen_by(main) == ("SUSPENDED", [(dependent.domain, False)])
    await _comes_back(api, dependent)
    assert await seen_by(dependent) == ("ACTIVE", [])
    # A former partner is nobody's to wait for.
    await Connection.filter(id=tie.id).update(state=ConnectionState.DISCONNECTED)
    await ending.suspend(main.id)
    assert await seen_by(dependent) == ("DISCONNECTED", [])


SAVE = """mutation($c: ID!) {
    updateSyncSettings(connectionId: $c, input: {stockBuffer: 3}) { userErrors { code } } }"""


async def test_delegation_is_the_dependents_alone_and_ends_at_once(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    before = await everything()
    refused = await _delegate(api, main, tie, enabled=True)
    assert refused == {"connection": None, "userErrors": [{"code": "FORBIDDEN", "field": None}]}
    assert await everything() == before

    lent = await _delegate(api, dependent, tie, enabled=True)
    assert (lent["connection"]["delegated"], lent["userErrors"]) == (True, [])
    seen = await api.ask(main.domain, f'{{ connection(id: "{tie.id}") {{ delegated permissions }} }}')
    assert seen["connection"] == {
        "delegated": True,
        "permissions": [
            "SYNC", "PREVIEW", "EDIT_SETTINGS", "CONFIRM", "UNDO", "RESOLVE", "REPAIR", "PAUSE", "RESUME",
            "DISCONNECT",
        ],
    }  # fmt: skip
    saved = await api.ask(main.domain, SAVE, {"c": str(tie.id)})
    assert saved["updateSyncSettings"]["userErrors"] == []
    # The main can neither lend on nor keep what it was lent.
    for enabled in (True, False):
        assert (await _delegate(api, main, tie, enabled=enabled))["userErrors"] == [
            {"code": "FORBIDDEN", "field": None}
        ]
    assert (await _delegate(api, dependent, tie, enabled=False))["connection"]["delegated"] is False
    before = await everything()
    denied = await api.ask(main.domain, SAVE, {"c": str(tie.id)})
    assert denied["updateSyncSettings"]["userErrors"] == [{"code": "FORBIDDEN"}]
    assert await everything() == before


async def test_disconnecting_ends_pause_and_delegation_for_good(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await _delegate(api, dependent, tie, enabled=True)
    await _pause(api, dependent, tie)
    await api.change(
        dependent.domain, "disconnect", f'(connectionId: "{tie.id}")', answer="connection { id }"
    )
    assert await _stands(tie) == (ConnectionState.DISCONNECTED, None, False)
    key = (await api.ask(main.domain, "{ shop { connectionKey } }"))["shop"]["connectionKey"]
    await api.change(dependent.domain, "connectWithKey", f'(key: "{key}")', answer="connection { id }")
    assert await _stands(tie) == (ConnectionState.ACTIVE, None, False)


async def test_what_was_taken_back_between_looking_and_writing_is_not_written(api: Api) -> None:
    """The caller was let in, then waited for the row while the dependent took its word back."""
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    theirs, ours = await locations_of(main), await locations_of(dependent)
    now = api.clock.now()
    mapping, _ = await save_mapping(tie, theirs[0], ours[0], allow=lambda _: None, now=now)
    await Job.all().delete()

    def gone(connection: Connection) -> None:
        assert connection.delegated is False
        raise UserError(ErrorCode.FORBIDDEN)

    before = await everything()
    for attempt in (
        save_settings(tie.id, lambda _: SyncSettings(stock_buffer=9), allow=gone, now=now),
        save_mapping(tie, theirs[1], ours[1], allow=gone, now=now),
        delete_mapping(mapping, allow=gone, now=now),
        pause(tie.id, Role.MAIN, allow=gone),
        resume(tie.id, allow=gone, now=now),
    ):
        with pytest.raises(UserError):
            await attempt
    assert await everything() == before


async def test_two_resumes_at_once_start_one_sync(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    await _pause(api, main, tie)
    both = await asyncio.gather(_resume(api, main, tie), _resume(api, dependent, tie))
    assert [each["userErrors"] for each in both] == [[], []]
    assert sum(each["job"] is not None for each in both) == 1
    assert await Job.all().count() == 1


async def test_a_pause_of_the_dependent_and_a_resume_of_the_main_at_once(api: Api) -> None:
    """Whichever comes first: the dependent's word is the last one."""
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    for _ in range(5):
        await Connection.filter(id=tie.id).update(state=ConnectionState.PAUSED, paused_by=Role.MAIN)
        await asyncio.gather(_resume(api, main, tie), _pause(api, dependent, tie))
        assert await _stands(tie) == (ConnectionState.PAUSED, Role.DEPENDENT, False)


CHANGE_MAPPING = """mutation($c: ID!, $id: ID, $m: ID!, $d: ID!) {
    saveLocationMapping(connectionId: $c, id: $id, mainLocationId: $m, dependentLocationId: $d) {
        locationMapping { id main { id } dependent { id } } userErrors { code field } } }"""


async def test_a_mapping_is_changed_in_place(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    theirs, ours = await locations_of(main), await locations_of(dependent)
    now = api.clock.now()
    first, _ = await save_mapping(tie, theirs[0], ours[0], allow=lambda _: None, now=now)
    second, _ = await save_mapping(tie, theirs[1], ours[0], allow=lambda _: None, now=now)
    await Job.all().delete()

    async def change(id_: str, source: str, target: str) -> Any:
        given = {"c": str(tie.id), "id": id_, "m": source, "d": target}
        return (await api.ask(dependent.domain, CHANGE_MAPPING, given))["saveLocationMapping"]

    before = await everything()
    for id_, source, target, code, field in (
        (str(uuid4()), theirs[0], ours[1], "NOT_FOUND", ["id"]),
        ("x", theirs[0], ours[1], "INVALID_ID", ["id"]),
        (str(first.id), theirs[1], ours[1], "LOCATION_TAKEN", ["mainLocationId"]),
        (str(first.id), theirs[0], theirs[0], "LOCATION_FOREIGN", ["dependentLocationId"]),
    ):
        refused = await change(id_, source, target)
        assert refused == {"locationMapping": None, "userErrors": [{"code": code, "field": field}]}
    # As it is already.
    assert (await change(str(first.id), theirs[0], ours[0]))["userErrors"] == []
    assert await everything() == before

    changed = await change(str(first.id), theirs[0], ours[1])
    assert changed["locationMapping"] == {
        "id": str(first.id), "main": {"id": theirs[0]}, "dependent": {"id": ours[1]},
    }  # fmt: skip
    assert [job.trigger.value for job in await Job.all()] == ["SETTINGS"]
    assert {(each.id, each.main_gid, each.dependent_gid) for each in await LocationMapping.all()} == {
        (first.id, theirs[0], ours[1]), (second.id, theirs[1], ours[0]),
    }  # fmt: skip


async def test_a_mapping_of_another_connection_is_missing(api: Api) -> None:
    main, _, tie = await api.a_pair()
    other = await api.a_shop("other", Role.DEPENDENT)
    others = await a_connection(main, other)
    theirs, ours = await locations_of(main), await locations_of(other)
    now = api.clock.now()
    own = await locations_of(await Shop.get(id=tie.dependent_id))
    foreign, _ = await save_mapping(tie, theirs[0], own[0], allow=lambda _: None, now=now)
    before = await everything()
    given = {"c": str(others.id), "id": str(foreign.id), "m": theirs[1], "d": ours[0]}
    payload = (await api.ask(other.domain, CHANGE_MAPPING, given))["saveLocationMapping"]
    assert payload["userErrors"] == [{"code": "NOT_FOUND", "field": ["id"]}]
    assert await everything() == before


COPY = """mutation($from: ID!, $to: [ID!]!, $start: Boolean! = true) {
    copySettings(fromConnectionId: $from, toConnectionIds: $to, startSync: $start) {
        copies { connection { id } syncSettings { version stockBuffer } job { trigger }
                 warnings { code field params { name value } } }
        userErrors { code field } } }"""

TAILORED = SyncSettings(
    prices=True,
    quantities=True,
    price_rules=PriceRules(
        conversion_rate=Decimal("1.10"), rate_from="EUR", rate_to="USD", percent=Decimal(5),
        amount=Decimal("0.50"), ending=Decimal("0.95"), compare_at=False,
    ),
    selection=Selection(include_tags=frozenset({"web"})),
    stock_mode=StockMode.SHARED,
    stock_buffer=2,
    stock_cap=40,
    brake=BrakeLimits(count=7),
)  # fmt: skip


async def _family(api: Api) -> tuple[Shop, dict[str, Connection]]:
    """A main in EUR and dependents, all delegated but "closed"; settings in "first" alone."""
    main = await api.a_shop("main", Role.MAIN)
    ties = {}
    for name, currency in (("first", "USD"), ("second", "USD"), ("pounds", "GBP"), ("closed", "USD")):
        shop = await api.a_shop(name, Role.DEPENDENT, currency=currency)
        ties[name] = await a_connection(main, shop)
        await Connection.filter(id=ties[name].id).update(delegated=name != "closed")
    await chosen(ties["first"], TAILORED)
    return main, ties


async def _copy(api: Api, domain: str, source: object, *targets: object, start: bool = True) -> Any:
    given = {"from": str(source), "to": [str(each) for each in targets], "start": start}
    return (await api.ask(domain, COPY, given))["copySettings"]


async def _settings(tie: Connection) -> SyncSettings | None:
    found = await current_settings(await Connection.get(id=tie.id))
    return found[1] if found else None


async def test_settings_are_copied_whole_to_a_shop_of_the_same_currency(api: Api) -> None:
    main, ties = await _family(api)
    done = await _copy(api, main.domain, ties["first"].id, ties["second"].id)
    assert done == {
        "copies": [
            {
                "connection": {"id": str(ties["second"].id)},
                "syncSettings": {"version": 1, "stockBuffer": 2},
                "job": {"trigger": "SETTINGS"},
                "warnings": [],
            }
        ],
        "userErrors": [],
    }
    assert await _settings(ties["second"]) == TAILORED
    (saved,) = await SyncSettingsVersion.filter(connection_id=ties["second"].id)
    assert saved.created_by != ""
    # Again changes nothing.
    before = await everything()
    again = await _copy(api, main.domain, ties["first"].id, ties["second"].id)
    assert again["copies"][0]["job"] is None
    assert await everything() == before


async def test_another_currency_keeps_its_own_sums_of_money(api: Api) -> None:
    main, ties = await _family(api)
    own = PriceRules(conversion_rate=Decimal("0.86"), rate_from="EUR", rate_to="GBP", percent=Decimal(1))
    await chosen(ties["pounds"], SyncSettings(price_rules=own))
    done = await _copy(api, main.domain, ties["first"].id, ties["pounds"].id, start=False)
    (copy,) = done["copies"]
    assert copy["warnings"] == [
        {
            "code": "PRICE_RULES_KEPT",
            "field": ["priceRules"],
            "params": [{"name": "from", "value": "USD"}, {"name": "to", "value": "GBP"}],
        }
    ]
    assert (copy["syncSettings"], copy["job"]) == ({"version": 2, "stockBuffer": 2}, None)
    saved = await _settings(ties["pounds"])
    assert saved is not None
    assert saved.price_rules == PriceRules(
        conversion_rate=Decimal("0.86"), rate_from="EUR", rate_to="GBP",
        percent=Decimal(5), amount=Decimal(0), ending=None, compare_at=False,
    )  # fmt: skip
    assert (saved.stock_mode, saved.selection, saved.brake) == (
        TAILORED.stock_mode, TAILORED.selection, TAILORED.brake,
    )  # fmt: skip
    assert await Job.all().count() == 0


async def test_a_shop_without_a_rate_of_its_own_is_told_that_prices_wait(api: Api) -> None:
    main, ties = await _family(api)
    (copy,) = (await _copy(api, main.domain, ties["first"].id, ties["pounds"].id))["copies"]
    assert [each["code"] for each in copy["warnings"]] == ["PRICE_RULES_KEPT", "CURRENCY_RATE_MISSING"]


async def test_one_target_that_fails_stops_no_other(api: Api) -> None:
    main, ties = await _family(api)
    ended = await a_connection(main, await api.a_shop("ended", Role.DEPENDENT), ConnectionState.DISCONNECTED)
    first, second, closed = ties["first"].id, ties["second"].id, ties["closed"].id
    done = await _copy(
        api, main.domain, first, closed, uuid4(), "../1", first, ended.id, "a\x01b", second, second
    )
    assert [each["connection"]["id"] for each in done["copies"]] == [str(second)]
    assert done["userErrors"] == [
        {"code": "FORBIDDEN", "field": ["toConnectionIds", "0"]},
        {"code": "NOT_FOUND", "field": ["toConnectionIds", "1"]},
        {"code": "INVALID_ID", "field": ["toConnectionIds", "2"]},
        {"code": "COPY_TO_ITSELF", "field": ["toConnectionIds", "3"]},
        {"code": "NOT_CONNECTED", "field": ["toConnectionIds", "4"]},
        {"code": "INVALID_ID", "field": ["toConnectionIds", "5"]},
    ]
    assert await _settings(ties["closed"]) is None


async def test_copies_that_make_no_sense(api: Api) -> None:
    main, ties = await _family(api)
    first, second = ties["first"].id, ties["second"].id
    stranger = await api.a_shop("stranger", Role.MAIN)
    dependent = await Shop.get(id=ties["first"].dependent_id)
    before = await everything()
    for domain, source, targets, code, field in (
        (main.domain, "1", [second], "INVALID_ID", ["fromConnectionId"]),
        (main.domain, uuid4(), [second], "NOT_FOUND", ["fromConnectionId"]),
        (stranger.domain, first, [second], "NOT_FOUND", ["fromConnectionId"]),
        (main.domain, second, [first], "SETTINGS_NOT_CHOSEN", ["fromConnectionId"]),
        (dependent.domain, first, [second], "NOT_A_MAIN", ["fromConnectionId"]),
        (main.domain, first, [], "INVALID_INPUT", ["toConnectionIds"]),
        (main.domain, first, [uuid4() for _ in range(251)], "TOO_MANY", ["toConnectionIds"]),
        (main.domain, first, ["x" * 5_000], "TOO_LONG", ["toConnectionIds", "0"]),
        (main.domain, first, ["a\x00b"], "INVALID_INPUT", ["toConnectionIds", "0"]),
    ):
        payload = await _copy(api, domain, source, *targets)
        assert payload == {"copies": None, "userErrors": [{"code": code, "field": field}]}
    assert await everything() == before


async def test_settings_of_an_ended_connection_serve_its_successor(api: Api) -> None:
    main, ties = await _family(api)
    await Connection.filter(id=ties["first"].id).update(state=ConnectionState.DISCONNECTED)
    done = await _copy(api, main.domain, ties["first"].id, ties["second"].id)
    assert done["userErrors"] == []
    assert await _settings(ties["second"]) == TAILORED


async def test_a_paused_target_takes_the_settings_and_starts_nothing(api: Api) -> None:
    main, ties = await _family(api)
    await Connection.filter(id=ties["second"].id).update(state=ConnectionState.PAUSED, paused_by=Role.MAIN)
    (copy,) = (await _copy(api, main.domain, ties["first"].id, ties["second"].id))["copies"]
    assert (copy["syncSettings"]["version"], copy["job"]) == (1, None)
    assert await Job.all().count() == 0
