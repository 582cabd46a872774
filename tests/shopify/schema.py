"""Shopify's published schemas, loaded once."""

import gzip
import json
from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, build_client_schema

SCHEMAS = Path(__file__).parents[2] / ".cache" / "shopify-schema"


@cache
def published_schema(version: str) -> GraphQLSchema:
    with gzip.open(SCHEMAS / f"admin_{version}.json.gz") as file:
        return build_client_schema(json.load(file)["data"], assume_valid=True)
