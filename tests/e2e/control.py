"""The sandbox's control addresses and the API, for what a story needs and no page shows."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx

SETTINGS = """
query { connections { nodes { id syncSettings {
    products details prices quantities fields newProductStatus stockBuffer stockCap
    priceRules { conversionRate percent amount ending compareAt }
} } } }
"""
ROLE = "mutation($role: Role!) { chooseRole(role: $role) { shop { connectionKey } userErrors { code } } }"
CONNECT = "mutation($key: String!) { connectWithKey(key: $key) { connection { id } userErrors { code } } }"
CHOOSE = """
mutation($id: ID!, $input: SyncSettingsInput!) {
    updateSyncSettings(connectionId: $id, input: $input, startSync: false) { userErrors { code field } }
}
"""
SYNC = "mutation { syncAll { jobs { id } userErrors { code } } }"
JOB = "query($id: ID!) { job(id: $id) { state } }"
UNDER_WAY = {"QUEUED", "RUNNING", "WAITING", "CANCELING"}
PATIENCE = 60.0


class Control:
    def __init__(self, sandbox: str, app: str) -> None:
        self._http = httpx.Client(base_url=f"{sandbox}/_control", timeout=PATIENCE + 10)
        self._api = httpx.Client(base_url=app, timeout=60)

    def add_shop(
        self, handle: str, *, currency: str = "EUR", locations: tuple[str, ...] = ("Warehouse",)
    ) -> None:
        """On the largest plan, so that a story does not wait for points."""
        domain = f"{handle}.myshopify.com"
        body = {"domain": domain, "currency": currency, "tier": "PLUS", "locations": list(locations)}
        self._post("shops", body)

    def add_product(
        self, handle: str, title: str, *, sku: str, price: str = "10.00", available: int = 5
    ) -> None:
        body = {"title": title, "sku": sku, "price": price, "available": str(available)}
        self._post(f"{self._shop(handle)}/products", body)

    def add_numbered(self, handle: str, count: int) -> None:
        """Products of one variant: Product 1 with the SKU P-1 and so on."""
        for number in range(1, count + 1):
            self.add_product(handle, f"Product {number}", sku=f"P-{number}")

    def add_catalogue(self, handle: str, count: int, **recipe: Any) -> None:
        self._post(f"{self._shop(handle)}/catalogue", {"count": count, **recipe})

    def shop(self, handle: str) -> dict[str, Any]:
        """Everything in the shop, see sandbox.web.dump."""
        found: dict[str, Any] = self._http.get(self._shop(handle)).raise_for_status().json()
        return found

    def variant(self, handle: str, sku: str) -> dict[str, Any]:
        """The one variant of that SKU."""
        products = self.shop(handle)["products"]
        [found] = [each for product in products for each in product["variants"] if each["sku"] == sku]
        return dict(found)

    def set_price(self, handle: str, variant: str, price: str) -> None:
        number = variant.rsplit("/", 1)[1]
        answer = self._http.patch(f"{self._shop(handle)}/variants/{number}", json={"price": price})
        answer.raise_for_status()

    def edit_product(self, handle: str, product: str, **fields: str) -> None:
        number = product.rsplit("/", 1)[1]
        self._http.patch(f"{self._shop(handle)}/products/{number}", json=fields).raise_for_status()

    def set_stock(self, handle: str, variant: str, available: int) -> None:
        """At the primary location."""
        number = variant.rsplit("/", 1)[1]
        address = f"{self._shop(handle)}/variants/{number}/stock"
        self._http.put(address, json={"available": available}).raise_for_status()

    def close_location(self, handle: str, name: str) -> None:
        [place] = [each for each in self.shop(handle)["locations"] if each["name"] == name]
        address = f"{self._shop(handle)}/locations/{place['id'].rsplit('/', 1)[1]}"
        self._http.patch(address, json={"active": False}).raise_for_status()

    def set_latency(self, seconds: float) -> None:
        """How long Shopify takes for an answer."""
        self._http.patch("settings", json={"latencySeconds": seconds}).raise_for_status()

    def hold_events(self) -> None:
        """Keep what happens from being told to the app, until `release_events`."""
        self._post("webhooks/pause", {})

    def release_events(self) -> None:
        """Tell the app what was held back; returns when it has taken all of it."""
        self._post("webhooks/resume", {})
        answer = self._http.get("deliveries/idle", params={"timeout": PATIENCE}).raise_for_status()
        assert answer.json()["idle"], "the app does not take its events"

    def mutations(self, handle: str, mark: str) -> dict[str, int]:
        """What was written in the shop since `mark`, by name."""
        counts = self._http.get("counts", params={"since": mark}).raise_for_status().json()
        return dict(counts.get(f"{handle}.myshopify.com", {}).get("mutations", {}))

    def mark(self, name: str) -> None:
        self._post("marks", {"name": name})

    def install(self, handle: str) -> None:
        """The app, as its owner would; nobody opens it yet."""
        self._post(f"{self._shop(handle)}/install", {})

    def set_up(self, main: str, **dependents: dict[str, Any]) -> str:
        """Install the app in all of them, connect them by these settings, and sync; answers the main's key.

        Underscores in the names of the dependents stand for hyphens.
        """
        self.install(main)
        key: str = self.command(main, ROLE, role="MAIN")["shop"]["connectionKey"]
        for name, settings in dependents.items():
            self.join(name.replace("_", "-"), key, settings)
        if dependents:
            self.sync(main)
        return key

    def join(self, handle: str, key: str, settings: dict[str, Any]) -> None:
        """Install the app in that shop and make it a dependent, without a sync."""
        self.install(handle)
        self.command(handle, ROLE, role="DEPENDENT")
        connection = self.command(handle, CONNECT, key=key)["connection"]["id"]
        self.command(handle, CHOOSE, id=connection, input=settings)

    def choose(self, dependent: str, **settings: Any) -> None:
        """Change some of its settings, without a sync."""
        self.command(dependent, CHOOSE, id=self.connection(dependent), input=settings)

    def connection(self, dependent: str) -> str:
        found: str = self.query(dependent, SETTINGS)["connections"]["nodes"][0]["id"]
        return found

    def settings(self, dependent: str) -> dict[str, Any]:
        """As the oracle takes them."""
        found: dict[str, Any] = self.query(dependent, SETTINGS)["connections"]["nodes"][0]["syncSettings"]
        return found

    def sync(self, handle: str) -> None:
        """Sync all in that shop; returns when every job has ended."""
        for job in self.command(handle, SYNC)["jobs"]:
            deadline = time.monotonic() + PATIENCE
            while self.query(handle, JOB, id=job["id"])["job"]["state"] in UNDER_WAY:
                assert time.monotonic() < deadline, "the sync does not end"
                time.sleep(0.1)

    def wait_for(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Until it is so."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it does not come to be"
            time.sleep(0.1)

    def command(self, handle: str, document: str, **variables: Any) -> dict[str, Any]:
        """Run a mutation that nobody refuses; answers its payload."""
        [payload] = self.query(handle, document, **variables).values()
        assert payload["userErrors"] == []
        found: dict[str, Any] = payload
        return found

    def query(self, handle: str, document: str, **variables: Any) -> dict[str, Any]:
        """Ask the API as a person in that shop's admin."""
        token = self._post(f"{self._shop(handle)}/session-token", {})["token"]
        answer = self._api.post(
            "/graphql",
            json={"query": document, "variables": variables},
            headers={"Authorization": f"Bearer {token}"},
        ).raise_for_status()
        body = answer.json()
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data

    def _shop(self, handle: str) -> str:
        return f"shops/{handle}.myshopify.com"

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._http.post(path, json=body)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()
        self._api.close()


def stock(variant: dict[str, Any]) -> int:
    """Pieces available, over all locations."""
    return sum(int(level["available"]) for level in variant["levels"].values())
