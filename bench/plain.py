"""Plain Strawberry: the same types as the product's API, pages kept in memory and nothing else. No session,
no database, no limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.types import Info


@strawberry.type
class Job:
    id: strawberry.ID
    kind: str
    state: str
    phase: str
    points: int
    calls: int
    created_at: str


@strawberry.type
class ProductLink:
    id: strawberry.ID
    main_product_id: strawberry.ID
    dependent_product_id: strawberry.ID
    origin: str
    linked_at: str


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class JobConnection:
    nodes: list[Job]
    page_info: PageInfo


@strawberry.type
class ProductLinkConnection:
    nodes: list[ProductLink]
    page_info: PageInfo


@dataclass(frozen=True, slots=True)
class Kept:
    nodes: list[Any]
    cursor: str

    @property
    def page_info(self) -> PageInfo:
        return PageInfo(has_next_page=True, end_cursor=self.cursor)


@strawberry.type
class Query:
    @strawberry.field
    def jobs(self, info: Info[Kept, Any], first: int) -> JobConnection:
        return JobConnection(nodes=info.context.nodes[:first], page_info=info.context.page_info)

    @strawberry.field
    def links(
        self,
        info: Info[Kept, Any],
        connection_id: strawberry.ID,  # noqa: ARG002
        first: int,
    ) -> ProductLinkConnection:
        return ProductLinkConnection(nodes=info.context.nodes[:first], page_info=info.context.page_info)


class _Endpoint(GraphQL[Kept, Any]):
    def __init__(self, kept: Kept) -> None:
        super().__init__(strawberry.Schema(Query))
        self._kept = kept

    async def get_context(self, request: Any, response: Any) -> Kept:  # noqa: ARG002
        return self._kept


def create_app(nodes: Sequence[Mapping[str, Any]], cursor: str) -> Starlette:
    """Serves this page of jobs or links, as the product's API has answered it."""
    kind: Any = Job if "kind" in nodes[0] else ProductLink
    kept = [kind(**{_snake(name): value for name, value in each.items()}) for each in nodes]
    return Starlette(routes=[Route("/graphql", _Endpoint(Kept(kept, cursor)))])


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)
