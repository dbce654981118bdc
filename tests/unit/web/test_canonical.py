import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.web import UrlRefused, canonical_url, host_port, same_registrable_domain


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example:443", "https://news.example/"),
        ("http://news.example:8080/a#top", "http://news.example:8080/a"),
        ("https://news.example/%7ejo/%e9%2f", "https://news.example/~jo/%E9%2F"),
        ("https://news.example/?b=2&utm_source=x&a=1&fbclid=y&UTM_Medium=z", "https://news.example/?b=2&a=1"),
        ("https://news.example/?utm_source=x", "https://news.example/"),
        ("https://news.example/?id=3&&page", "https://news.example/?id=3&page"),
        ("https://news.example/?mc_cid=1&gclid=2&ref=front", "https://news.example/?ref=front"),
        ("http://127.0.0.1:8765/story?at_medium=RSS", "http://127.0.0.1:8765/story"),
    ],
)
def test_canonical(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_canonical_refuses_other_schemes() -> None:
    with pytest.raises(UrlRefused):
        canonical_url("javascript:alert(1)")


@given(st.text(alphabet="ab%2eE7~&=?#/.;utm_", max_size=40))
def test_canonical_is_stable(tail: str) -> None:
    once = canonical_url("https://news.example/" + tail)
    assert canonical_url(once) == once


def test_host_port() -> None:
    assert host_port("https://News.example./a") == "news.example:443"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.news.co.uk/", "http://m.news.co.uk:8080/", True),
        ("https://a.co.uk/", "https://b.co.uk/", False),
        ("https://a.blogspot.com/", "https://b.blogspot.com/", False),
        ("https://www.a.blogspot.com/", "https://a.blogspot.com/", True),
        ("http://1.2.3.4/", "http://9.2.3.4/", False),
        ("http://127.0.0.1:1/", "http://127.0.0.1:2/", True),
        ("https://com/", "https://news.com/", False),
        ("https://bücher.de/", "https://www.xn--bcher-kva.de/", True),
        ("https://a.unknownsuffix/", "https://b.unknownsuffix/", False),
    ],
)
def test_registrable_domain(one: str, other: str, same: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*args: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    assert same_registrable_domain(one, other) is same
    assert same_registrable_domain(other, one) is same
