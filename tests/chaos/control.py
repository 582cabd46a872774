"""The sandbox's control addresses and the API, for somebody who breaks things while using them."""

import time
from collections.abc import Sequence
from typing import Any

import httpx

from tests.chaos.effects import Entry
from tests.chaos.faults import Place, Rule
from tests.e2e.control import CONNECT, ROLE, Control
from tests.oracle.pairs import Shop

SAVE = """
mutation($id: ID!, $input: SyncSettingsInput!) {
    updateSyncSettings(connectionId: $id, input: $input) { job { id } userErrors { code field } }
}
"""
SYNC = "mutation { syncAll { jobs { id } userErrors { code } } }"
JOBS = """
query($id: ID!) { jobs(first: 5, filter: {connectionId: $id, kinds: [LIVE, SYNC_ALL]}) { nodes { id } } }
"""
UNDO = "mutation($id: ID!) { undoJob(id: $id) { job { id } userErrors { code } } }"
HOLDS = "query($id: ID!) { holds(connectionId: $id, first: 100) { nodes { id } } }"
RELEASE = "mutation($id: ID!) { releaseHold(id: $id) { userErrors { code } } }"
RETRY = "mutation { retrySetAside { userErrors { code } } }"
SHOP = "query { shop { domain } }"
DISCONNECT = "mutation($id: ID!) { disconnect(connectionId: $id) { userErrors { code } } }"


class Sandbox(Control):
    """Ids are Shopify's global ones. What the API refuses, or does not answer, is told by `attempt`."""

    def change_stock(self, handle: str, variant: str, change: int) -> None:
        """A sale (below 0) or a return, whatever the quantity is at this moment."""
        self._ask("PUT", f"{self._shop(handle)}/variants/{_number(variant)}/stock", {"change": change})

    def edit_variant(self, handle: str, variant: str, **values: str) -> None:
        self._ask("PATCH", f"{self._shop(handle)}/variants/{_number(variant)}", values)

    def remove_product(self, handle: str, product: str) -> None:
        self._ask("DELETE", f"{self._shop(handle)}/products/{_number(product)}", None)

    def import_csv(self, handle: str, text: str) -> dict[str, Any]:
        answer = self._http.post(
            f"{self._shop(handle)}/import?overwrite=true",
            content=text.encode(),
            headers={"Content-Type": "text/csv"},
        )
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def begin_faults(self, seed: int, shops: Sequence[str], rules: Sequence[Rule]) -> None:
        """`shops` are handles; a rule says by its place which of them it is for, in the order of places."""
        domains = dict(zip(Place, (f"{each}.myshopify.com" for each in shops), strict=True))
        placed = [
            rule | {"shops": [domains[each] for each in rule["shops"]]} if "shops" in rule else rule
            for rule in rules
        ]
        self._ask("PUT", "faults", {"seed": seed, "shops": [*domains.values()], "rules": placed})

    def faults(self) -> list[dict[str, Any]]:
        """The rules of the plan, with what each has seen and struck by shop."""
        found: list[dict[str, Any]] = self._http.get("faults").raise_for_status().json()["rules"]
        return found

    def end_faults(self) -> dict[str, Any]:
        """What the plan has done."""
        return self._ask("DELETE", "faults", None)

    def hasten(self) -> None:
        """Retries of webhooks and starts of bulk operations take a moment only."""
        self._ask("PATCH", "webhooks", {"retryFactor": 0.005})
        self._ask("PATCH", "settings", {"bulkStartDelaySeconds": 0.1})

    def write_down(self, handle: str) -> None:
        """From now on every value that changes in the shop."""
        self._ask("PUT", f"{self._shop(handle)}/journal", {})

    def written(self, handle: str, after: int) -> list[Entry]:
        """What has been written down of the shop behind that number."""
        found = self._http.get(f"{self._shop(handle)}/journal", params={"after": after})
        return [Entry(**each) for each in found.raise_for_status().json()]

    def forget(self, handle: str) -> None:
        self._ask("DELETE", f"{self._shop(handle)}/journal", None)

    def deliveries(self) -> tuple[bool, dict[str, int]]:
        """Whether no webhook is on its way, and how many have gone which way."""
        found = self._http.get("deliveries/idle", params={"timeout": "5"}).raise_for_status().json()
        return found["idle"], found["counts"]

    def command(self, handle: str, document: str, **variables: Any) -> dict[str, Any]:
        [payload] = self.query(handle, document, **variables).values()
        if payload["userErrors"]:
            raise AssertionError(f"{handle} was refused: {payload['userErrors']}")
        found: dict[str, Any] = payload
        return found

    def attempt(self, handle: str, document: str, **variables: Any) -> dict[str, Any] | None:
        """The payload, or None where the API is away or refuses."""
        try:
            return self.command(handle, document, **variables)
        except (httpx.HTTPError, AssertionError):
            return None

    def persist(self, handle: str, document: str, **variables: Any) -> dict[str, Any]:
        """Until the API, which may just have been started, answers."""
        deadline = time.monotonic() + 60
        while True:
            found = self.attempt(handle, document, **variables)
            if found is not None:
                return found
            if time.monotonic() > deadline:
                return self.command(handle, document, **variables)
            time.sleep(0.2)

    def reopen(self, handle: str) -> bool:
        """Install the app where it is not, and open it; False where nobody answers."""
        self._post(f"{self._shop(handle)}/install", {})
        try:
            self.query(handle, SHOP)
        except (httpx.HTTPError, AssertionError):
            return False
        return True

    def open_shop(self, handle: str, role: str) -> str | None:
        """Install the app and choose the role; a main's connection key."""
        self._post(f"{self._shop(handle)}/install", {})
        shop = self.persist(handle, ROLE, role=role)["shop"]
        key: str | None = shop["connectionKey"]
        return key

    def tie(self, handle: str, key: str, settings: dict[str, Any]) -> str:
        """Make that shop a dependent, by these settings, which begins its first sync; the connection's id."""
        self.open_shop(handle, "DEPENDENT")
        found: str = self.persist(handle, CONNECT, key=key)["connection"]["id"]
        self.persist(handle, SAVE, id=found, input=settings)
        return found

    def counts(self, mark: str) -> dict[str, Any]:
        found: dict[str, Any] = self._http.get("counts", params={"since": mark}).raise_for_status().json()
        return found

    def dump(self, handle: str) -> Shop:
        return self.shop(handle)

    def _ask(self, method: str, path: str, body: Any) -> dict[str, Any]:
        answer = self._http.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        found: dict[str, Any] = answer.json()
        return found


def _number(gid: str) -> str:
    return gid.rsplit("/", 1)[1]
