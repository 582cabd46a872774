import base64

import pytest

from backend.crypto import Keyring, SealError

OLD = base64.b64encode(b"o" * 32).decode()
NEW = base64.b64encode(b"n" * 32).decode()
LOOKUP = base64.b64encode(b"l" * 32).decode()


def test_a_sealed_secret_opens_in_its_own_context_only() -> None:
    ring = Keyring.parse(f"k1:{OLD}", LOOKUP)
    sealed = ring.seal("shpat_secret", "shop_token:1:access")
    assert ring.open(sealed, "shop_token:1:access") == "shpat_secret"
    assert b"shpat_secret" not in sealed
    with pytest.raises(SealError):
        ring.open(sealed, "shop_token:2:access")


def test_the_same_secret_is_never_sealed_alike() -> None:
    ring = Keyring.parse(f"k1:{OLD}", LOOKUP)
    assert ring.seal("s", "c") != ring.seal("s", "c")


@pytest.mark.parametrize("position", [2, 5, -1])
def test_an_altered_value_does_not_open(position: int) -> None:
    ring = Keyring.parse(f"k1:{OLD}", LOOKUP)
    sealed = bytearray(ring.seal("shpat_secret", "c"))
    sealed[position] ^= 1
    with pytest.raises(SealError):
        ring.open(bytes(sealed), "c")


@pytest.mark.parametrize("value", [b"", b"\x01", b"\x02\x02k1" + b"0" * 40, b"\x01\x02k1short"])
def test_what_was_never_sealed_does_not_open(value: bytes) -> None:
    with pytest.raises(SealError):
        Keyring.parse(f"k1:{OLD}", LOOKUP).open(value, "c")


def test_a_rotated_ring_opens_old_values_and_wants_them_sealed_anew() -> None:
    sealed = Keyring.parse(f"k1:{OLD}", LOOKUP).seal("s", "c")
    rotated = Keyring.parse(f"k2:{NEW}, k1:{OLD}", LOOKUP)
    assert rotated.open(sealed, "c") == "s"
    assert rotated.needs_resealing(sealed)
    assert not rotated.needs_resealing(rotated.seal("s", "c"))
    with pytest.raises(SealError, match="k1"):
        Keyring.parse(f"k2:{NEW}", LOOKUP).open(sealed, "c")


def test_a_digest_depends_on_secret_and_lookup_key_only() -> None:
    one = Keyring.parse(f"k1:{OLD}", LOOKUP)
    other = Keyring.parse(f"k2:{NEW}", LOOKUP)
    assert one.digest("mss_a") == other.digest("mss_a")
    assert one.digest("mss_a") != one.digest("mss_b")
    assert one.digest("mss_a") != Keyring.parse(f"k1:{OLD}", NEW).digest("mss_a")


@pytest.mark.parametrize(
    "keys, lookup",
    [
        ("", LOOKUP),
        (OLD, LOOKUP),
        ("k1:not base64", LOOKUP),
        (f"k1:{base64.b64encode(b'short').decode()}", LOOKUP),
        (f"k1:{OLD},k1:{NEW}", LOOKUP),
        (f"k-1:{OLD}", LOOKUP),
        (f"k1:{OLD}", ""),
    ],
)
def test_unusable_keys_are_refused_without_showing_them(keys: str, lookup: str) -> None:
    with pytest.raises(ValueError, match="key") as caught:
        Keyring.parse(keys, lookup)
    assert OLD not in str(caught.value)


def test_a_ring_shows_no_key() -> None:
    shown = repr(Keyring.parse(f"k1:{OLD}", LOOKUP))
    assert shown == "Keyring()"
