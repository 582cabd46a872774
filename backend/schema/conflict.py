from __future__ import annotations

from datetime import datetime

import strawberry

from backend.models.connection import Connection as ConnectionRow
from backend.models.link import Conflict as ConflictRow
from backend.models.link import ConflictState
from backend.schema.context import Info
from backend.schema.title import title_of
from backend.sync.match import ConflictAction, ConflictCode


@strawberry.type(description="A product of the dependent that a conflict is about.")
class ConflictCandidate:
    product_id: strawberry.ID
    skus: list[str]
    _connection: strawberry.Private[ConnectionRow]

    @strawberry.field
    async def title(self, info: Info) -> str:
        tie = self._connection
        return await title_of(info, tie, tie.dependent_id, str(self.product_id))


@strawberry.type(description="A product of the main shop that can't be matched without a person.")
class Conflict:
    id: strawberry.ID
    code: ConflictCode
    title: str
    main_product_id: strawberry.ID
    skus: list[str]
    candidates: list[ConflictCandidate]
    state: ConflictState
    actions: list[ConflictAction]
    created_at: datetime

    @classmethod
    def of(cls, row: ConflictRow, connection: ConnectionRow) -> Conflict:
        skus: dict[str, list[str]] = {}
        for each in row.candidates:
            skus.setdefault(each["product"], [])
            if each.get("sku"):
                skus[each["product"]].append(each["sku"])
        code = ConflictCode(row.code)
        return cls(
            id=strawberry.ID(str(row.id)),
            code=code,
            title=row.title,
            main_product_id=strawberry.ID(row.main_gid),
            skus=row.skus,
            candidates=[
                ConflictCandidate(
                    product_id=strawberry.ID(gid), skus=sorted(set(found)), _connection=connection
                )
                for gid, found in skus.items()
            ],
            state=row.state,
            actions=[] if row.state is ConflictState.RESOLVED else conflict_actions(code),
            created_at=row.created_at,
        )


def conflict_actions(code: ConflictCode) -> list[ConflictAction]:
    """What a person can decide: a product whose variants are too many can't be created either."""
    if code is ConflictCode.TOO_MANY_VARIANTS:
        return [ConflictAction.LINK_TO, ConflictAction.IGNORE]
    return list(ConflictAction)


@strawberry.input
class ConflictFilter:
    states: list[ConflictState] | None = None
    codes: list[ConflictCode] | None = None
    search: str | None = strawberry.field(default=None, description="In title or SKU.")
