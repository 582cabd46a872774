"""The sandbox's control addresses and the API, for what a story needs and no page shows."""

from types import TracebackType
from typing import Any, Self

import httpx


class Control:
    def __init__(self, sandbox: str, app: str) -> None:
        self._http = httpx.Client(base_url=f"{sandbox}/_control", timeout=60)
        self._api = httpx.Client(base_url=app, timeout=60)

    def add_shop(
        self, handle: str, *, currency: str = "EUR", locations: tuple[str, ...] = ("Warehouse",)
    ) -> None:
        """On the largest plan, so that a story does not wait for points."""
        domain = f"{handle}.myshopify.com"
        body = {"domain": domain, "currency": currency, "tier": "PLUS", "locations": list(locations)}
        self._post("shops", body)

    def add_catalogue(self, handle: str, count: int, **recipe: Any) -> None:
        self._post(f"{self._shop(handle)}/catalogue", {"count": count, **recipe})

    def shop(self, handle: str) -> dict[str, Any]:
        """Everything in the shop, see sandbox.web.dump."""
        found: dict[str, Any] = self._http.get(self._shop(handle)).raise_for_status().json()
        return found

    def set_price(self, handle: str, variant: str, price: str) -> None:
        number = variant.rsplit("/", 1)[1]
        answer = self._http.patch(f"{self._shop(handle)}/variants/{number}", json={"price": price})
        answer.raise_for_status()

    def set_latency(self, seconds: float) -> None:
        """How long Shopify takes for an answer."""
        self._http.patch("settings", json={"latencySeconds": seconds}).raise_for_status()

    def mutations(self, handle: str, mark: str) -> dict[str, int]:
        """What was written in the shop since `mark`, by name."""
        counts = self._http.get("counts", params={"since": mark}).raise_for_status().json()
        return dict(counts.get(f"{handle}.myshopify.com", {}).get("mutations", {}))

    def mark(self, name: str) -> None:
        self._post("marks", {"name": name})

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
