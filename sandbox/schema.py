"""Shopify's published Admin schema, one per API version, and which access scopes its fields demand."""

import gzip
import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLNamedType, GraphQLSchema, build_client_schema, get_named_type

VERSIONS = ("2026-07", "2026-10")
"""Served, the oldest first."""

_VERSION = re.compile(r"\d{4}-\d{2}\Z", re.ASCII)
_SCOPE = re.compile(r"`((?:read|write)_\w+)` access scope|`((?:read|write)_\w+)` scope")


@dataclass(frozen=True, slots=True)
class Requirement:
    """Any one of the scopes will do; text is Shopify's own wording of it."""

    scopes: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class AdminSchema:
    version: str
    graphql: GraphQLSchema
    fields: dict[tuple[str, str], Requirement]
    """By type and field, where the field itself demands something."""
    types: dict[str, Requirement]
    """By type: fields that answer with it demand the same."""

    def requirement(
        self, type_name: str, field_name: str, answers_with: GraphQLNamedType
    ) -> Requirement | None:
        """What a caller needs for a field; a connection is as open as its nodes."""
        own = self.fields.get((type_name, field_name))
        if own is not None:
            return own
        name = answers_with.name
        return self.types.get(name.removesuffix("Connection"))


def falls_forward(version: str) -> str:
    """The version that answers a call to this one: a retired version gives way to the oldest that is
    served.
    """
    if version in VERSIONS:
        return version
    if _VERSION.match(version):
        return next((served for served in VERSIONS if served >= version), VERSIONS[-1])
    return VERSIONS[-1]


@cache
def admin_schema(version: str) -> AdminSchema:
    """Takes half a second and some 85 MiB for each version at its first use."""
    path = _directory() / f"admin_{version}.json.gz"
    with gzip.open(path) as file:
        introspection = json.load(file)["data"]
    # Shopify's schema breaks six rules of graphql-core's validator; documents are validated all the same.
    schema = build_client_schema(introspection, assume_valid=True)
    fields: dict[tuple[str, str], Requirement] = {}
    types: dict[str, Requirement] = {}
    for described in introspection["__schema"]["types"]:
        if (demand := _requirement(described.get("requiredAccess"))) is not None:
            types[described["name"]] = demand
        for field in described.get("fields") or ():
            if (demand := _requirement(field.get("requiredAccess"))) is not None:
                fields[described["name"], field["name"]] = demand
    return AdminSchema(version, schema, fields, types)


def named(type_: Any) -> GraphQLNamedType:
    """The type inside lists and non-nulls."""
    found: GraphQLNamedType = get_named_type(type_)
    return found


def _directory() -> Path:
    configured = os.environ.get("SHOPIFY_SCHEMA_DIR")
    return Path(configured) if configured else Path(__file__).parents[1] / ".cache" / "shopify-schema"


def _requirement(text: str | None) -> Requirement | None:
    """Texts that name no scope (or several at once) are left to the resolvers."""
    if not text or "as well as" in text:
        return None
    first = text.partition("Also:")[0].strip()
    scopes = frozenset(one or other for one, other in _SCOPE.findall(first))
    return Requirement(scopes, first) if scopes else None
