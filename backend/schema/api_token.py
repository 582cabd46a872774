from datetime import datetime

import strawberry

from backend.models.api_token import ApiToken as ApiTokenRow
from backend.models.api_token import TokenScope


@strawberry.type(description="A program's key to the calling shop's part of the API.")
class ApiToken:
    id: strawberry.ID
    name: str
    scope: TokenScope
    hint: str = strawberry.field(description="The last characters of the token, to tell it from others.")
    created_at: datetime
    last_used_at: datetime | None = strawberry.field(description="To the minute; null: never.")
    revoked_at: datetime | None

    @classmethod
    def of(cls, row: ApiTokenRow) -> "ApiToken":
        return cls(
            id=strawberry.ID(str(row.id)),
            name=row.name,
            scope=row.scope,
            hint=row.hint,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
        )
