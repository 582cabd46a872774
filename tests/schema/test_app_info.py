"""What the app says of itself."""

import pytest

from backend.config import load
from backend.schema.app_info import AppInfo
from tests.test_config import ENVIRON


@pytest.mark.parametrize(
    ("setting", "field", "told"),
    [
        ({}, "graphiql_url", None),
        ({"GRAPHIQL": "true"}, "graphiql_url", "https://app.example/graphql"),
        ({}, "api_docs_url", None),
        ({"API_DOCS_URL": "https://docs.example/api"}, "api_docs_url", "https://docs.example/api"),
    ],
)
def test_where_programs_read_about_the_api(setting: dict[str, str], field: str, told: str | None) -> None:
    assert getattr(AppInfo.of(load(ENVIRON | setting)), field) == told
