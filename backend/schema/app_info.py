import strawberry

from backend.config import Settings
from backend.version import VERSION


@strawberry.type
class AppInfo:
    version: str
    support_contact: str
    help_url: str

    @classmethod
    def of(cls, settings: Settings) -> "AppInfo":
        return cls(version=VERSION, support_contact=settings.support_contact, help_url=settings.help_url)
