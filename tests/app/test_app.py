from datetime import timedelta

from backend.jobs import ending
from backend.jobs.queue import transaction
from backend.live.pending import Mark, kinds_due, mark_pending
from backend.models.connection import Connection, ConnectionState
from backend.models.live import SubjectKind
from backend.models.shop import Shop, ShopToken
from sandbox.faults import FaultPlan, Kind, Rule
from tests.api import RETRY, Api


async def test_first_contact_makes_the_shop_reads_its_facts_and_keeps_no_token_in_the_open(api: Api) -> None:
    domain = api.new_shop("first", currency="SEK")
    data = await api.ask(
        domain, "{ shop { domain currency role isSelf installed missingScopes connectionKey } }"
    )
    assert data["shop"] == {
        "domain": "first.myshopify.com",
        "currency": "SEK",
        "role": None,
        "isSelf": True,
        "installed": True,
        "missingScopes": [],
        "connectionKey": None,
    }
    shop = await Shop.get(domain=domain)
    token = await ShopToken.get(shop_id=shop.id)
    opened = await api.services.tokens.current(shop.id)
    assert opened.encode() not in bytes(token.access_token)
    assert token.version == 1


async def test_without_a_token_the_answer_asks_for_one(api: Api) -> None:
    answer = await api.post(None, "{ shop { id } }")
    assert answer.status_code == 401
    assert answer.headers[RETRY] == "1"
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_a_connection_goes_on_when_the_app_is_open_again_wherever_access_was_lost(api: Api) -> None:
    """In one of two shops is not enough, and the one that is opened last has not to be opened twice."""
    main, dependent, tie = await api.a_pair()
    await ending.suspend(main.id)
    await ending.suspend(dependent.id)

    async def opened(shop: Shop) -> ConnectionState:
        await api.ask(shop.domain, "{ shop { id } }")
        await tie.refresh_from_db()
        return tie.state

    assert await opened(main) is ConnectionState.SUSPENDED
    assert await opened(dependent) is ConnectionState.ACTIVE
    assert tie.read_at is None

    await ending.suspend(main.id)
    assert await opened(dependent) is ConnectionState.SUSPENDED
    assert await opened(main) is ConnectionState.ACTIVE


async def test_what_waited_for_access_is_looked_at_when_the_shop_is_back(api: Api) -> None:
    main, _, _ = await api.a_pair()
    await ending.suspend(main.id)
    now = api.clock.now()
    later = now + timedelta(minutes=5)
    async with transaction() as client:
        await mark_pending(
            client, [Mark(main.id, SubjectKind.STOCK, "gid://shopify/InventoryItem/1", now, later)]
        )
    await api.ask(main.domain, "{ shop { id } }")
    assert await kinds_due(main.id, [SubjectKind.STOCK], api.clock.now())


async def test_an_opening_that_breaks_midway_is_made_up_for_by_the_next(api: Api) -> None:
    """The token had come, the shop's facts had not: it goes on at once, not when the token is old."""
    main, _, tie = await api.a_pair()
    await ending.suspend(main.id)
    api.sandbox.faults = FaultPlan(seed=1, rules=(Rule(Kind.INTERNAL_ERROR),))
    answer = await api.post(main.domain, "{ shop { id } }")
    assert answer.json()["errors"][0]["extensions"]["code"] == "SHOPIFY_UNAVAILABLE"
    assert await ShopToken.filter(shop_id=main.id).exists()
    assert (await Connection.get(id=tie.id)).state is ConnectionState.SUSPENDED

    api.sandbox.faults = None
    await api.ask(main.domain, "{ shop { id } }")
    assert (await Connection.get(id=tie.id)).state is ConnectionState.ACTIVE


async def test_waiting_for_the_other_shop_asks_nothing_of_shopify(api: Api) -> None:
    main, dependent, _ = await api.a_pair()
    await ending.suspend(dependent.id)
    await api.ask(main.domain, "{ shop { id } }")
    before = await ShopToken.get(shop_id=main.id)
    await ShopToken.filter(shop_id=main.id).update(updated_at=before.updated_at - timedelta(hours=1))
    await api.ask(main.domain, "{ shop { id } }")
    assert (await ShopToken.get(shop_id=main.id)).version == before.version
