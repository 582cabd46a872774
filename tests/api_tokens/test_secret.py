import pytest

from backend.api_tokens.secret import hint_of, is_api_token, is_well_formed, new_token


def test_a_token_is_recognised_by_its_form() -> None:
    token = new_token()
    assert len(token) == 43
    assert is_api_token(token)
    assert is_well_formed(token)
    assert token.endswith(hint_of(token))
    assert len(hint_of(token)) == 4


def test_no_two_are_the_same() -> None:
    assert len({new_token() for _ in range(1_000)}) == 1_000


@pytest.mark.parametrize("position", range(5, 43))
def test_one_wrong_character_is_noticed(position: int) -> None:
    token = new_token()
    other = "x" if token[position] != "x" else "y"
    assert not is_well_formed(token[:position] + other + token[position + 1 :])


@pytest.mark.parametrize("text", ["", "msat_", "msat_" + "0" * 38, "msat_abc", "mss_" + "a" * 39, "eyJ.a.b"])
def test_what_is_none(text: str) -> None:
    assert not is_well_formed(text)


def test_a_cut_or_lengthened_token_is_noticed() -> None:
    token = new_token()
    assert not is_well_formed(token[:-1])
    assert not is_well_formed(token + "0")
    assert not is_well_formed(token.lower())
