from backend.jobs import ending
from backend.models.connection import ConnectionState
from backend.models.shop import Shop, ShopToken
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
