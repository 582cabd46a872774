"""A main asks shops to follow it; they accept or decline. What either may see, and what can go wrong."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from backend.connections.invitation_quota import MOST_IN_A_DAY, take
from backend.errors import ErrorCode, UserError
from backend.models.connection import Connection, ConnectionState
from backend.models.invitation import Invitation, InvitationState
from backend.models.job import Job
from backend.models.shop import Role, Shop
from tests.api import Api, a_connection, an_invitation, chosen, everything
from tests.resolvers.test_statements import counted

INVITE = """mutation($urls: [String!]!) { inviteShops(urls: $urls) {
    results { url domain invitation { id domain state sentCount installed } userErrors { code field } }
    userErrors { code field params { name value } } } }"""
LIST = """query($filter: InvitationFilter, $first: Int, $after: String) {
    invitations(filter: $filter, first: $first, after: $after) { totalCount nodes {
        id direction domain state sentAt sentCount answeredAt installed main { domain name } }
    pageInfo { hasNextPage endCursor } } }"""


async def _invite(api: Api, domain: str, *urls: str) -> dict[str, Any]:
    payload: dict[str, Any] = (await api.ask(domain, INVITE, {"urls": list(urls)}))["inviteShops"]
    return payload


async def _seen(api: Api, domain: str, **filter_: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.ask(domain, LIST, {"filter": filter_}))["invitations"]["nodes"]
    return found


async def _answer(api: Api, domain: str, field: str, invitation: Invitation) -> list[dict[str, Any]]:
    """The errors of acceptInvitation, declineInvitation, resendInvitation or revokeInvitation."""
    payload = await api.change(domain, field, f'(id: "{invitation.id}")', answer="invitation { state }")
    errors: list[dict[str, Any]] = payload["userErrors"]
    assert (payload["invitation"] is None) == bool(errors)
    return errors


async def test_every_address_has_a_result_of_its_own(api: Api) -> None:
    main, _, _ = await api.a_pair()
    other, held, _ = await api.a_pair("other", "held")
    suspended = await api.a_shop("suspended", Role.DEPENDENT)
    await a_connection(main, suspended, ConnectionState.SUSPENDED)
    left = await api.a_shop("left", Role.DEPENDENT)
    await a_connection(main, left, ConnectionState.DISCONNECTED)
    await an_invitation(main, "waiting.myshopify.com")
    await an_invitation(main, "declined.myshopify.com", state=InvitationState.DECLINED)
    undecided = await api.a_shop("undecided")
    cases = [
        (" HTTPS://New.myshopify.com/admin ", "new.myshopify.com", None),
        ("shop.example.com", None, "CUSTOM_DOMAIN"),
        ("new.myshopify.com", "new.myshopify.com", "INVITED_TWICE"),
        ("", None, "NOT_A_SHOP_ADDRESS"),
        ("admin.shopify.com/store/undecided", undecided.domain, None),
        (main.domain, main.domain, "INVITING_OWN_SHOP"),
        ("dependent.myshopify.com", "dependent.myshopify.com", "ALREADY_DEPENDENT"),
        (suspended.domain, suspended.domain, "ALREADY_DEPENDENT"),
        (other.domain, other.domain, "SHOP_NOT_AVAILABLE"),
        (held.domain, held.domain, "SHOP_NOT_AVAILABLE"),
        ("waiting.myshopify.com", "waiting.myshopify.com", "ALREADY_INVITED"),
        ("declined.myshopify.com", "declined.myshopify.com", None),
        (left.domain, left.domain, None),
    ]
    payload = await _invite(api, main.domain, *(url for url, _, _ in cases))
    assert payload["userErrors"] == []
    assert len(payload["results"]) == len(cases)
    for index, (result, (url, domain, code)) in enumerate(zip(payload["results"], cases, strict=True)):
        assert (result["url"], result["domain"]) == (url, domain)
        if code is None:
            again = domain == "declined.myshopify.com"
            installed = domain in (undecided.domain, left.domain)
            expected = {"domain": domain, "state": "PENDING", "sentCount": 1 + again, "installed": installed}
            assert {**result["invitation"], "id": ""} == {"id": "", **expected}
            assert result["userErrors"] == []
        else:
            assert result["invitation"] is None
            assert result["userErrors"] == [{"code": code, "field": ["urls", str(index)]}]
    pending = await Invitation.filter(state=InvitationState.PENDING).values_list("domain", flat=True)
    assert sorted(map(str, pending)) == [
        "declined.myshopify.com", "left.myshopify.com", "new.myshopify.com", "undecided.myshopify.com",
        "waiting.myshopify.com",
    ]  # fmt: skip


async def test_requests_that_invite_nobody(api: Api) -> None:
    main, dependent, _ = await api.a_pair()
    undecided = await api.a_shop("undecided")
    before = await everything()
    fifty_one = [f"shop-{number}.myshopify.com" for number in range(51)]
    cases = [
        (main.domain, [], "INVALID_INPUT", ["urls"]),
        (main.domain, fifty_one, "TOO_MANY", ["urls"]),
        (main.domain, ["new.myshopify.com"] * 1001, "TOO_MANY", ["urls"]),
        (main.domain, ["new.myshopify.com", "x" * 5000], "TOO_LONG", ["urls", "1"]),
        (main.domain, ["new.myshopify.com", "a\x00b"], "INVALID_INPUT", ["urls", "1"]),
        (dependent.domain, ["new.myshopify.com"], "NOT_A_MAIN", None),
        (undecided.domain, ["new.myshopify.com"], "NOT_A_MAIN", None),
    ]
    for domain, urls, code, field in cases:
        payload = await _invite(api, domain, *urls)
        assert payload["results"] is None
        assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [(code, field)]
    assert await everything() == before
    assert (await api.post(None, INVITE, {"urls": ["new.myshopify.com"]})).status_code == 401


async def test_no_main_can_go_through_a_list_of_strangers(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    for start in range(0, MOST_IN_A_DAY - 50, 50):
        await _invite(api, main.domain, *(f"shop-{start + number}.myshopify.com" for number in range(50)))
    await _invite(api, main.domain, *["x"] * 49)  # those that are wrong count too
    (newest, *_) = await Invitation.all().order_by("domain")
    refused = await _invite(api, main.domain, "last.myshopify.com", "one-more.myshopify.com")
    limit = [{"name": "limit", "value": "500"}]
    assert refused["userErrors"] == [{"code": "TOO_MANY_INVITATIONS", "field": None, "params": limit}]
    allowed = await _invite(api, main.domain, "last.myshopify.com")
    assert allowed["results"][0]["userErrors"] == []
    before = await everything()
    assert await _answer(api, main.domain, "resendInvitation", newest) == [
        {"code": "TOO_MANY_INVITATIONS", "field": None}
    ]
    assert await everything() == before
    tomorrow = api.clock.now() + timedelta(days=1)
    redis = api.services.runtime.redis
    await take(redis, main.id, MOST_IN_A_DAY, tomorrow)
    with pytest.raises(UserError) as full:
        await take(redis, main.id, 1, tomorrow)
    assert full.value.code is ErrorCode.TOO_MANY_INVITATIONS


async def test_without_redis_inviting_goes_on(api: Api) -> None:
    main, now = await api.a_shop("main", Role.MAIN), api.clock.now()
    with capture_logs() as logged:
        await take(None, main.id, MOST_IN_A_DAY + 1, now)
        async with Redis.from_url("redis://127.0.0.1:1") as away:
            await take(away, main.id, MOST_IN_A_DAY + 1, now)
    assert [each["event"] for each in logged] == ["invitations not counted"]


async def test_each_end_sees_what_concerns_it(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    rival = await api.a_shop("rival", Role.MAIN)
    await Shop.filter(id=main.id).update(name="The main house")
    at = api.clock.now()
    waiting = await an_invitation(main, "invited.myshopify.com", sent_at=at, sent_count=3)
    revoked = await an_invitation(
        rival, "invited.myshopify.com", state=InvitationState.REVOKED, sent_at=at - timedelta(hours=1)
    )
    declined = await an_invitation(
        main, "elsewhere.myshopify.com", state=InvitationState.DECLINED, answered_at=at,
        sent_at=at - timedelta(hours=2),
    )  # fmt: skip
    # Nobody has opened the app in the invited shop until here.
    (first, second) = await _seen(api, main.domain)
    assert first == {
        "id": str(waiting.id), "direction": "SENT", "domain": "invited.myshopify.com", "state": "PENDING",
        "sentAt": at.isoformat(), "sentCount": 3, "answeredAt": None, "installed": False,
        "main": {"domain": main.domain, "name": "The main house"},
    }  # fmt: skip
    assert (second["id"], second["answeredAt"], second["installed"]) == (
        str(declined.id), at.isoformat(), None,
    )  # fmt: skip
    invited = await api.a_shop("invited")
    (received,) = await _seen(api, invited.domain)
    assert received == first | {"direction": "RECEIVED", "installed": None}
    (first, _) = await _seen(api, main.domain)
    assert first["installed"] is True
    assert [each["id"] for each in await _seen(api, rival.domain)] == [str(revoked.id)]
    for domain, filter_, expected in (
        (main.domain, {"states": ["DECLINED"]}, [declined]),
        (main.domain, {"states": []}, []),
        (main.domain, {"direction": "RECEIVED"}, []),
        (invited.domain, {"direction": "SENT"}, []),
        (invited.domain, {"direction": "RECEIVED", "states": ["PENDING", "REVOKED"]}, [waiting]),
    ):
        assert [each["id"] for each in await _seen(api, domain, **filter_)] == [str(x.id) for x in expected]


async def test_pages_of_invitations_cost_the_same(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    main = await api.a_shop("main", Role.MAIN)
    for number in range(40):
        at = api.clock.now() + timedelta(seconds=number)
        await an_invitation(main, f"shop-{number:02}.myshopify.com", sent_at=at)
    counts = []
    for first in (2, 40):
        with counted(monkeypatch) as statements:
            page = (await api.ask(main.domain, LIST, {"first": first}))["invitations"]
        assert page["nodes"][0]["domain"] == "shop-39.myshopify.com"
        assert (len(page["nodes"]), page["totalCount"]) == (first, 40)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert 2 < counts[0] < 8
    start = (await api.ask(main.domain, LIST, {"first": 2}))["invitations"]
    rest = {"first": 1, "after": start["pageInfo"]["endCursor"]}
    (third,) = (await api.ask(main.domain, LIST, rest))["invitations"]["nodes"]
    assert third["domain"] == "shop-37.myshopify.com"
    for wrong, code in (({"first": 0}, "OUT_OF_RANGE"), ({"after": "x"}, "INVALID_INPUT")):
        assert (await api.error(main.domain, LIST, wrong))["code"] == code


ACCEPT = """mutation($id: ID!) { acceptInvitation(id: $id) {
    invitation { state }
    connection { state main { domain } dependent { domain role } syncSettings { version } }
    userErrors { code field } } }"""


async def test_a_shop_invited_before_it_had_the_app_accepts_and_is_a_dependent(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    await _invite(api, main.domain, "late.myshopify.com")
    invited = await api.a_shop("late")
    (waiting,) = await _seen(api, invited.domain, states=["PENDING"])
    payload = (await api.ask(invited.domain, ACCEPT, {"id": waiting["id"]}))["acceptInvitation"]
    assert payload == {
        "invitation": {"state": "ACCEPTED"},
        "connection": {
            "state": "ACTIVE", "main": {"domain": main.domain},
            "dependent": {"domain": invited.domain, "role": "DEPENDENT"}, "syncSettings": None,
        },
        "userErrors": [],
    }  # fmt: skip
    (row,) = await Invitation.all()
    assert row.state is InvitationState.ACCEPTED
    assert row.answered_at is not None
    assert await Job.all().count() == 0  # nothing is written before settings are chosen
    before = await everything()
    for field, domain in (
        ("acceptInvitation", invited.domain),
        ("declineInvitation", invited.domain),
        ("revokeInvitation", main.domain),
    ):
        closed = await _answer(api, domain, field, row)
        assert closed == [{"code": "INVITATION_CLOSED", "field": None}]
    dependent = [{"code": "ALREADY_DEPENDENT", "field": None}]
    assert await _answer(api, main.domain, "resendInvitation", row) == dependent
    assert await everything() == before


async def test_a_former_dependent_that_accepts_has_its_settings_and_syncs_at_once(api: Api) -> None:
    main, dependent, tie = await api.a_pair()
    await chosen(tie)
    await Connection.filter(id=tie.id).update(state=ConnectionState.DISCONNECTED)
    result = (await _invite(api, main.domain, dependent.domain))["results"][0]
    answer = (await api.ask(dependent.domain, ACCEPT, {"id": result["invitation"]["id"]}))["acceptInvitation"]
    assert answer["connection"]["syncSettings"] == {"version": 1}
    (again,) = await Connection.all()
    assert (again.id, again.state) == (tie.id, ConnectionState.ACTIVE)
    assert [job.trigger.value for job in await Job.all()] == ["CONNECTED"]


async def test_one_invitation_is_accepted_the_others_wait_to_be_declined(api: Api) -> None:
    first, second = await api.a_shop("first", Role.MAIN), await api.a_shop("second", Role.MAIN)
    invited = await api.a_shop("invited", Role.DEPENDENT)
    one, two = await an_invitation(first, invited.domain), await an_invitation(second, invited.domain)
    assert await _answer(api, invited.domain, "acceptInvitation", one) == []
    before = await everything()
    connected = [{"code": "ALREADY_CONNECTED", "field": None}]
    assert await _answer(api, invited.domain, "acceptInvitation", two) == connected
    available = await _answer(api, second.domain, "resendInvitation", two)
    assert available == [{"code": "SHOP_NOT_AVAILABLE", "field": None}]
    assert await everything() == before
    assert await _answer(api, invited.domain, "declineInvitation", two) == []
    states = [each["state"] for each in await _seen(api, second.domain)]
    assert states == ["DECLINED"]


async def test_an_invitation_is_declined_sent_again_and_revoked(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    invited = await api.a_shop("invited")
    row = await an_invitation(main, invited.domain)
    for field, domain, state, count in (
        ("declineInvitation", invited.domain, InvitationState.DECLINED, 1),
        ("resendInvitation", main.domain, InvitationState.PENDING, 2),
        ("resendInvitation", main.domain, InvitationState.PENDING, 3),
        ("revokeInvitation", main.domain, InvitationState.REVOKED, 3),
    ):
        assert await _answer(api, domain, field, row) == []
        await row.refresh_from_db()
        assert (row.state, row.sent_count) == (state, count)
        assert (row.answered_at is None) is (state is InvitationState.PENDING)
    assert await _seen(api, invited.domain) == []
    before = await everything()
    closed = [{"code": "INVITATION_CLOSED", "field": None}]
    for field, domain in (
        ("acceptInvitation", invited.domain),
        ("declineInvitation", invited.domain),
        ("revokeInvitation", main.domain),
    ):
        assert await _answer(api, domain, field, row) == closed
    assert await everything() == before
    assert (await Shop.get(id=invited.id)).role is None
    assert await _answer(api, main.domain, "resendInvitation", row) == []
    assert [each["sentCount"] for each in await _seen(api, invited.domain)] == [4]


async def test_who_can_not_accept_stays_what_it_was(api: Api) -> None:
    main, gone = await api.a_shop("main", Role.MAIN), await api.a_shop("gone", Role.MAIN)
    other, undecided = await api.a_shop("other", Role.MAIN), await api.a_shop("undecided")
    to_main = await an_invitation(main, other.domain)
    from_gone = await an_invitation(gone, undecided.domain)
    await Shop.filter(id=gone.id).update(uninstalled_at=api.clock.now())
    before = await everything()
    assert await _answer(api, other.domain, "acceptInvitation", to_main) == [
        {"code": "NOT_A_DEPENDENT", "field": None}
    ]
    assert await _answer(api, undecided.domain, "acceptInvitation", from_gone) == [
        {"code": "CONNECTION_SUSPENDED", "field": None}
    ]
    assert await everything() == before


async def test_a_key_answers_the_invitation_of_the_same_main(api: Api) -> None:
    main, other = await api.a_shop("main", Role.MAIN), await api.a_shop("other", Role.MAIN)
    dependent = await api.a_shop("dependent", Role.DEPENDENT)
    mains, others = await an_invitation(main, dependent.domain), await an_invitation(other, dependent.domain)
    key = (await api.ask(main.domain, "{ shop { connectionKey } }"))["shop"]["connectionKey"]
    await api.change(dependent.domain, "connectWithKey", f'(key: "{key}")', answer="connection { id }")
    for row, state in ((mains, InvitationState.ACCEPTED), (others, InvitationState.PENDING)):
        await row.refresh_from_db()
        assert row.state is state
        assert (row.answered_at is None) is (state is InvitationState.PENDING)


async def test_a_main_that_becomes_a_dependent_invites_nobody_any_more(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    waiting = await an_invitation(main, "invited.myshopify.com")
    declined = await an_invitation(main, "declined.myshopify.com", state=InvitationState.DECLINED)
    await api.change(main.domain, "chooseRole", "(role: DEPENDENT)", answer="shop { role }")
    for row, state in ((waiting, InvitationState.REVOKED), (declined, InvitationState.DECLINED)):
        await row.refresh_from_db()
        assert row.state is state
    before = await everything()
    not_a_main = [{"code": "NOT_A_MAIN", "field": None}]
    assert await _answer(api, main.domain, "resendInvitation", waiting) == not_a_main
    assert await everything() == before


async def test_of_two_answers_at_once_one_counts(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    for number in range(6):
        invited = await api.a_shop(f"invited-{number}")
        row = await an_invitation(main, invited.domain)
        ends = [("acceptInvitation", invited.domain), ("revokeInvitation", main.domain)]
        answers = await asyncio.gather(
            *(_answer(api, domain, field, row) for field, domain in (ends if number % 2 else ends[::-1]))
        )
        assert sorted([error["code"] for error in errors] for errors in answers) == [
            [], ["INVITATION_CLOSED"],
        ]  # fmt: skip
        await row.refresh_from_db()
        accepted = row.state is InvitationState.ACCEPTED
        assert await Connection.filter(dependent_id=invited.id).count() == accepted
        assert (await Shop.get(id=invited.id)).role is (Role.DEPENDENT if accepted else None)


async def test_of_two_accepted_at_once_one_connects(api: Api) -> None:
    first, second = await api.a_shop("first", Role.MAIN), await api.a_shop("second", Role.MAIN)
    for number in range(4):
        invited = await api.a_shop(f"invited-{number}")
        rows = [await an_invitation(each, invited.domain) for each in (first, second)]
        key = (await api.ask(first.domain, "{ shop { connectionKey } }"))["shop"]["connectionKey"]

        async def by_key(domain: str = invited.domain, key: str = key) -> list[dict[str, Any]]:
            payload = await api.change(
                domain, "connectWithKey", f'(key: "{key}")', answer="connection { id }"
            )
            errors: list[dict[str, Any]] = payload["userErrors"]
            return errors

        ways: list[Callable[[], Coroutine[Any, Any, list[dict[str, Any]]]]] = [
            lambda row=rows[1], domain=invited.domain: _answer(api, domain, "acceptInvitation", row),  # type: ignore[misc]
            lambda row=rows[0], domain=invited.domain: _answer(api, domain, "acceptInvitation", row),  # type: ignore[misc]
        ]
        if number % 2:
            await Shop.filter(id=invited.id).update(role=Role.DEPENDENT)
            ways[1] = by_key
        answers = await asyncio.gather(*(way() for way in ways))
        assert sorted([error["code"] for error in errors] for errors in answers) == [
            [], ["ALREADY_CONNECTED"],
        ]  # fmt: skip
        (tie,) = await Connection.filter(dependent_id=invited.id)
        for row in rows:
            await row.refresh_from_db()
            taken = row.main_id == tie.main_id
            assert row.state is (InvitationState.ACCEPTED if taken else InvitationState.PENDING)


async def test_of_the_same_shop_invited_twice_at_once_one_invitation_waits(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    payloads = await asyncio.gather(*(_invite(api, main.domain, "new.myshopify.com") for _ in range(3)))
    codes = sorted([error["code"] for error in payload["results"][0]["userErrors"]] for payload in payloads)
    assert codes == [[], ["ALREADY_INVITED"], ["ALREADY_INVITED"]]
    (row,) = await Invitation.all()
    assert row.sent_count == 1


async def test_ids_that_name_no_invitation(api: Api) -> None:
    main = await api.a_shop("main", Role.MAIN)
    before = await everything()
    for field in ("acceptInvitation", "declineInvitation", "resendInvitation", "revokeInvitation"):
        for given, code in (
            (str(uuid4()), "NOT_FOUND"), ("", "INVALID_ID"), ("7", "INVALID_ID"),
            ("a\\u0000b", "INVALID_INPUT"), ("x" * 5000, "TOO_LONG"),
        ):  # fmt: skip
            payload = await api.change(main.domain, field, f'(id: "{given}")', answer="invitation { id }")
            assert payload == {"invitation": None, "userErrors": [{"code": code, "field": ["id"]}]}
    assert await everything() == before
