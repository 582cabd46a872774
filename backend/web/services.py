"""What the API's process works with, opened at its start."""

from dataclasses import dataclass

from backend.clock import Clock
from backend.config import Settings
from backend.jobs.runtime import Runtime
from backend.jobs.tokens import Tokens
from backend.live.intake import Intake
from backend.shopify.auth import AppCredentials
from backend.web.hub import Hub
from backend.web.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    runtime: Runtime
    tokens: Tokens
    hub: Hub
    intake: Intake
    metrics: Metrics

    @property
    def clock(self) -> Clock:
        return self.runtime.clock

    def return_url(self, domain: str, path: str) -> str:
        """A page of the app in the admin of a shop, by the address that leads there from anywhere: below
        `admin/apps` and the client id, as Shopify's own libraries build it."""
        base = self.settings.shopify_base_url.format(shop=domain)
        return f"{base}/admin/apps/{self.settings.client_id}/{path}"

    @property
    def credentials(self) -> AppCredentials:
        settings = self.settings
        return AppCredentials(settings.client_id, settings.client_secret, settings.old_client_secret)
