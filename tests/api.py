"""The API as its callers see it: the real application over ASGI, a real database and Redis, the sandbox as
Shopify, and really signed session tokens."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
from starlette.applications import Starlette

from backend.api_tokens.tokens import create_token
from backend.app import create_app
from backend.clock import SystemClock
from backend.config import load
from backend.database import connection as connection_pool
from backend.database import execute, rows
from backend.models.api_token import TokenScope
from backend.models.call import Call
from backend.models.connection import Connection, ConnectionState, SyncSettingsVersion
from backend.models.invitation import Invitation
from backend.models.job import Change, ChangeState, Job, JobKind, JobPhase, JobState, Trigger
from backend.models.link import Conflict, Hold, HoldReason, ProductLink
from backend.models.live import (
    Difference,
    DifferenceReason,
    DirtyProduct,
    LocalEdit,
    PendingSubject,
    Stream,
    SubjectKind,
)
from backend.models.mirror import MirrorProduct, MirrorVariant
from backend.models.shop import Role, Shop, ShopLocation
from backend.sync.fingerprint import Json
from backend.sync.link import LinkOrigin
from backend.sync.settings import SyncSettings
from backend.sync.settings_json import dump_settings
from backend.web.services import Services
from sandbox.app import create_app as create_sandbox
from sandbox.commands.shops import add_shop, install_app, register_app
from sandbox.session_token import mint, owner
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop as SandboxShop
from tests.clock import ShiftedClock

CLIENT_ID = "client-of-the-tests"
CLIENT_SECRET = "a-secret-that-is-long-enough-for-hs256"
APP = "http://app.test"
BASE = "http://sandbox.test"
SCOPES = ("write_products", "write_inventory", "read_locations", "write_publications", "write_files")
KEY = base64.b64encode(b"k" * 32).decode()
RETRY = "X-Shopify-Retry-Invalid-Session-Request"


@dataclass(slots=True)
class Api:
    """The application, its caller and its sandbox. `statements` is what a test may count."""

    app: Starlette
    http: httpx.AsyncClient
    sandbox: Sandbox
    clock: ShiftedClock
    shops: dict[str, SandboxShop] = field(default_factory=dict)

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    def new_shop(
        self, name: str, currency: str = "EUR", locations: tuple[str, ...] = ("Hub", "Store")
    ) -> str:
        domain = f"{name}.myshopify.com"
        shop = add_shop(self.sandbox, domain, currency=currency, locations=locations)
        install_app(self.sandbox, shop, CLIENT_ID)
        self.shops[domain] = shop
        return domain

    def token(self, domain: str, *, at: datetime | None = None) -> str:
        shop = self.shops[domain]
        return mint(self.sandbox.apps[CLIENT_ID], shop, owner(shop), at or SystemClock().now())

    async def post(
        self, domain: str | None, query: str, variables: dict[str, Any] | None = None
    ) -> httpx.Response:
        return await self.post_as(None if domain is None else self.token(domain), query, variables)

    async def post_as(
        self, token: str | None, query: str, variables: dict[str, Any] | None = None
    ) -> httpx.Response:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return await self.http.post(
            "/graphql", json={"query": query, "variables": variables}, headers=headers
        )

    async def api_token(self, shop: Shop, scope: TokenScope = TokenScope.WRITE, name: str = "ERP") -> str:
        keyring = self.services.settings.keyring
        _, token = await create_token(shop.id, name, scope, keyring, now=self.clock.now())
        return token

    async def ask(self, domain: str, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The data; fails on any error."""
        answer = await self.post(domain, query, variables)
        body = answer.json()
        assert answer.status_code == 200, body
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    async def error(self, domain: str, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The extensions of the one error that the answer is."""
        body = (await self.post(domain, query, variables)).json()
        assert len(body["errors"]) == 1, body
        extensions: dict[str, Any] = body["errors"][0]["extensions"]
        return extensions

    async def change(
        self, domain: str, field: str, arguments: str, variables: dict[str, Any] | None = None, *, answer: str
    ) -> dict[str, Any]:
        """A mutation's payload; `arguments` as written in GraphQL, `answer` what to select besides errors."""
        query = f"mutation {{ {field}{arguments} {{ {answer} userErrors {{ code field }} }} }}"
        payload: dict[str, Any] = (await self.ask(domain, query, variables))[field]
        return payload

    async def a_shop(self, name: str, role: Role | None = None, **facts: Any) -> Shop:
        """An installed shop with a role; the first request makes its row."""
        domain = self.new_shop(name, **facts)
        await self.ask(domain, "{ shop { id } }")
        if role is not None:
            await self.ask(
                domain, f"mutation {{ chooseRole(role: {role.value}) {{ userErrors {{ code }} }} }}"
            )
        return await Shop.get(domain=domain)

    async def a_pair(self, main: str = "main", dependent: str = "dependent") -> tuple[Shop, Shop, Connection]:
        first = await self.a_shop(main, Role.MAIN)
        second = await self.a_shop(dependent, Role.DEPENDENT)
        return first, second, await a_connection(first, second)


async def a_connection(
    main: Shop, dependent: Shop, state: ConnectionState = ConnectionState.ACTIVE
) -> Connection:
    return await Connection.create(id=uuid4(), main=main, dependent=dependent, state=state)


async def chosen(connection: Connection, settings: SyncSettings | None = None) -> None:
    values = dump_settings(settings or SyncSettings())
    await SyncSettingsVersion.create(connection=connection, version=1, values=values)
    connection.settings_version = 1
    await connection.save(update_fields=["settings_version"])


async def a_job(connection: Connection, **given: Any) -> Job:
    facts: dict[str, Any] = {
        "run_id": uuid4(),
        "kind": JobKind.SYNC_ALL,
        "trigger": Trigger.MANUAL,
        "state": JobState.SUCCEEDED,
        "phase": JobPhase.DONE,
    }
    return await Job.create(id=uuid4(), connection=connection, **(facts | given))


async def a_change(job: Job, seq: int = 1, **given: Any) -> Change:
    facts: dict[str, Any] = {
        "lane": "PRICE",
        "action": "SET",
        "field": "PRICE",
        "product_gid": "gid://shopify/Product/1",
        "main_product_gid": "gid://shopify/Product/9",
        "variant_gid": "gid://shopify/ProductVariant/1",
        "title": "Tea",
        "sku": "TEA-1",
        "before": "9.00",
        "after": "10.00",
        "state": ChangeState.PLANNED,
    }
    return await Change.create(job=job, connection_id=job.connection_id, seq=seq, **(facts | given))


async def a_product(
    shop: Shop, number: int = 1, title: str = "Tea", sku: str = "TEA-1", **given: Any
) -> MirrorProduct:
    """A product with one variant of the same number, as the mirror keeps it."""
    now = SystemClock().now()
    gid = f"gid://shopify/Product/{number}"
    await MirrorVariant.create(
        shop=shop,
        gid=f"gid://shopify/ProductVariant/{number}",
        product_gid=gid,
        inventory_item_gid=f"gid://shopify/InventoryItem/{number}",
        sku=sku,
        match_sku=sku.strip(),
        price=Decimal("10.00"),
        observed_at=now,
    )
    return await MirrorProduct.create(shop=shop, gid=gid, title=title, observed_at=now, **given)


async def a_call(job: Job, **given: Any) -> Call:
    now = SystemClock().now()
    facts: dict[str, Any] = {
        "operation": "productVariantsBulkUpdate",
        "request_id": "6f0d1c2e-req",
        "points": 10,
        "sent_at": now,
        "answered_at": now,
    }
    return await Call.create(id=uuid4(), job=job, **(facts | given))


async def a_link(connection: Connection, number: int = 1) -> ProductLink:
    return await ProductLink.create(
        id=uuid4(),
        connection=connection,
        main_gid=f"gid://shopify/Product/{number}",
        dependent_gid=f"gid://shopify/Product/{1000 + number}",
        origin=LinkOrigin.SKU,
    )


async def a_conflict(connection: Connection, number: int = 1, **given: Any) -> Conflict:
    facts: dict[str, Any] = {"code": "SPLIT_PRODUCT", "title": "Tea", "skus": ["TEA-1"]}
    return await Conflict.create(
        id=uuid4(),
        connection=connection,
        main_gid=f"gid://shopify/Product/{number}",
        seen_at=SystemClock().now(),
        **(facts | given),
    )


async def a_hold(connection: Connection) -> Hold:
    return await Hold.create(
        id=uuid4(),
        connection=connection,
        product_gid="gid://shopify/Product/1001",
        subject="gid://shopify/ProductVariant/1",
        field="PRICE",
        reason=HoldReason.UNDONE,
    )


async def a_difference(
    connection: Connection,
    number: int = 1,
    *,
    main_value: Json = "10.00",
    dependent_value: Json = "9.00",
    **given: Any,
) -> Difference:
    facts: dict[str, Any] = {
        "main_gid": f"gid://shopify/Product/{number}",
        "product_gid": f"gid://shopify/Product/{1000 + number}",
        "subject": f"gid://shopify/ProductVariant/{1000 + number}",
        "field": "PRICE",
        "title": "Tea",
        "sku": f"TEA-{number}",
        "reason": DifferenceReason.DRIFT,
        "found_at": SystemClock().now(),
    }
    row = await Difference.create(connection=connection, **(facts | given))
    await _put_values("difference", row.id, main_value, dependent_value)
    return row


async def a_local_edit(
    connection: Connection,
    number: int = 1,
    *,
    main_value: Json = "Tea",
    dependent_value: Json = "Our tea",
    **given: Any,
) -> LocalEdit:
    facts: dict[str, Any] = {
        "main_gid": f"gid://shopify/Product/{number}",
        "product_gid": f"gid://shopify/Product/{1000 + number}",
        "subject": f"gid://shopify/Product/{1000 + number}",
        "field": "TITLE",
        "title": "Tea",
        "kept": True,
        "found_at": SystemClock().now(),
    }
    row = await LocalEdit.create(id=uuid4(), connection=connection, **(facts | given))
    await _put_values("local_edit", row.id, main_value, dependent_value)
    return row


async def _put_values(table: str, row: object, main: Json, dependent: Json) -> None:
    """The models take text for JSON."""
    sql = f"UPDATE {table} SET main_value = $2::jsonb, dependent_value = $3::jsonb WHERE id = $1"
    await execute(connection_pool(), sql, row, json.dumps(main), json.dumps(dependent))


async def a_subject_aside(shop: Shop, number: int = 1, **given: Any) -> PendingSubject:
    now = SystemClock().now()
    facts: dict[str, Any] = {
        "kind": SubjectKind.PRODUCT,
        "gid": f"gid://shopify/Product/{number}",
        "happened_at": now,
        "latest_at": now,
        "due_at": now,
        "attempts": 3,
        "set_aside_at": now,
        "reason": "It failed.",
    }
    return await PendingSubject.create(shop=shop, **(facts | given))


async def a_product_aside(connection: Connection, number: int = 1, **given: Any) -> DirtyProduct:
    now = SystemClock().now()
    facts: dict[str, Any] = {
        "stream": Stream.PRODUCT,
        "main_gid": f"gid://shopify/Product/{number}",
        "happened_at": now,
        "latest_at": now,
        "due_at": now,
        "attempts": 3,
        "set_aside_at": now,
        "reason": "It failed.",
    }
    return await DirtyProduct.create(connection=connection, **(facts | given))


async def an_invitation(main: Shop, domain: str, **given: Any) -> Invitation:
    facts: dict[str, Any] = {"sent_at": SystemClock().now()}
    return await Invitation.create(id=uuid4(), main=main, domain=domain, **(facts | given))


async def locations_of(shop: Shop) -> list[str]:
    return [each.gid for each in await ShopLocation.filter(shop_id=shop.id).order_by("gid")]


async def everything() -> dict[str, Any]:
    """All that a request may have changed, to compare before and after one that must not."""
    tables = (
        "shop",
        "connection",
        "invitation",
        "sync_settings_version",
        "location_mapping",
        "job",
        "change",
        "conflict",
        "product_link",
        "hold",
        "difference",
        "local_edit",
        "pending_subject",
        "dirty_product",
        "api_token",
        "waiting_product",
    )
    return {name: await rows(connection_pool(), f"SELECT * FROM {name} ORDER BY id") for name in tables}


def unknown() -> UUID:
    return uuid4()


@asynccontextmanager
async def an_api(database_url: str, redis_url: str, **environ: str) -> AsyncIterator[Api]:
    clock = ShiftedClock()
    sandbox = Sandbox(clock, seed=7, base_url=BASE)
    register_app(sandbox, CLIENT_ID, CLIENT_SECRET, scopes=SCOPES)
    settings = load(
        {
            "APP_URL": APP,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SHOPIFY_CLIENT_ID": CLIENT_ID,
            "SHOPIFY_CLIENT_SECRET": CLIENT_SECRET,
            "SHOPIFY_BASE_URL": BASE + "/{shop}",
            "ENCRYPTION_KEYS": f"k1:{KEY}",
            "LOOKUP_KEY": KEY,
            **environ,
        }
    )
    app = create_app(settings, clock=clock, transport=httpx.ASGITransport(app=create_sandbox(sandbox)))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=APP) as http,
    ):
        yield Api(app, http, sandbox, clock)
