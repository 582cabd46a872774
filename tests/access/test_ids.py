import pytest

from backend.access.ids import number_id, row_id, shopify_id
from backend.errors import ErrorCode, UserError

ROW = "0d1f7a52-92a4-4b0e-8e9c-0f5c3c1f9a10"


def test_ids_of_the_right_kind_pass() -> None:
    assert str(row_id(ROW, "id")) == ROW
    assert number_id("9223372036854775807", "id") == 2**63 - 1
    assert shopify_id("gid://shopify/Product/1", "Product", "id") == "gid://shopify/Product/1"


@pytest.mark.parametrize("value", ["", "1", "../1", "x" * 40, ROW + "0"])
def test_malformed_row_ids_are_told_at_their_field(value: str) -> None:
    with pytest.raises(UserError) as caught:
        row_id(value, "filter", "runId")
    assert (caught.value.code, caught.value.field) == (ErrorCode.INVALID_ID, ("filter", "runId"))


@pytest.mark.parametrize("value", ["", "-1", "1.0", "٣", "9223372036854775808", "1" * 30])
def test_malformed_numbers_are_told(value: str) -> None:
    with pytest.raises(UserError) as caught:
        number_id(value, "changeIds")
    assert caught.value.code is ErrorCode.INVALID_ID


@pytest.mark.parametrize(
    "value", ["1", "gid://shopify/Location/1", "gid://shopify/Product/x", "gid://shopify/Product/1\n"]
)
def test_malformed_shopify_ids_are_told(value: str) -> None:
    with pytest.raises(UserError) as caught:
        shopify_id(value, "Product", "productId")
    assert caught.value.code is ErrorCode.INVALID_ID
