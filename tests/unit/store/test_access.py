import pytest

from onrecord.store.api.access import (
    BadToken,
    ExposedWithoutToken,
    Token,
    check_exposure,
    hash_token,
    holder,
    host_name,
    parse_tokens,
)

DESK = Token("desk", hash_token("s3cret"))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_loopback_needs_no_token(host: str) -> None:
    check_exposure(host, ())
    check_exposure("0.0.0.0", (DESK,))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "10.0.0.1", "store", "localhost.example", "::ffff:10.0.0.1"])
def test_any_other_address_does(host: str) -> None:
    with pytest.raises(ExposedWithoutToken):
        check_exposure(host, ())


def test_tokens_are_read_and_never_echoed() -> None:
    assert parse_tokens(f"desk:{DESK.sha256},\n  bot:{hash_token('b')}") == (DESK, Token("bot", hash_token("b")))
    assert parse_tokens("  ") == ()
    with pytest.raises(BadToken) as refused:
        parse_tokens(f"desk:{DESK.sha256} bot:plain-secret")
    assert "token 2" in str(refused.value)
    assert "plain-secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Bearer s3cret", DESK),
        ("bearer s3cret", DESK),
        ("Bearer S3cret", None),
        ("s3cret", None),
        ("Basic s3cret", None),
        (None, None),
    ],
)
def test_holder(header: str | None, expected: Token | None) -> None:
    assert holder(header, (Token("other", hash_token("x")), DESK)) == expected


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost:8080", "localhost"),
        ("[::1]:8080", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("Evil.example", "evil.example"),
        (None, ""),
    ],
)
def test_host_name(header: str | None, name: str) -> None:
    assert host_name(header) == name
