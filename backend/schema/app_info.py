import strawberry

from backend.config import Settings
from backend.version import VERSION


@strawberry.type
class AppInfo:
    version: str
    support_contact: str
    help_url: str
    graphiql_url: str | None = strawberry.field(
        description="Where to try the API out in a browser; null where it is not turned on."
    )
    api_docs_url: str | None = strawberry.field(
        description="Where the operator has put the description of the API; null where nowhere."
    )

    @classmethod
    def of(cls, settings: Settings) -> "AppInfo":
        return cls(
            version=VERSION,
            support_contact=settings.support_contact,
            help_url=settings.help_url,
            graphiql_url=f"{settings.app_url}/graphql" if settings.graphiql else None,
            api_docs_url=settings.api_docs_url or None,
        )
