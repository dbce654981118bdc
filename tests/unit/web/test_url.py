import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.web import UrlRefused, WebAddress

BASE = WebAddress.parse("https://news.example/a/b/c?q=1")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("HTTPS://News.EXAMPLE", "https://news.example/"),
        ("http://news.example:080/x", "http://news.example/x"),
        ("http://news.example:8080?x", "http://news.example:8080/?x"),
        ("https://bücher.example/ü?ö=%c3", "https://xn--bcher-kva.example/%C3%BC?%C3%B6=%C3"),
        ("https://www.example.co.uk./rss", "https://www.example.co.uk/rss"),
        ("http://[2606:4700:4700:0::1111]:8080/", "http://[2606:4700:4700::1111]:8080/"),
        ("https://news.example/a/./b/../../../c/%7E#x", "https://news.example/c/%7E"),
        ("https://news.example/100%|^", "https://news.example/100%25%7C%5E"),
        ("https://news.example/?", "https://news.example/"),
    ],
)
def test_one_spelling(text: str, read: str) -> None:
    address = WebAddress.parse(text)
    assert str(address) == read
    assert str(address.url) == read
    assert WebAddress.parse(read) == address


@pytest.mark.parametrize(
    ("reference", "joined"),
    [
        ("d", "https://news.example/a/b/d"),
        ("../d?x", "https://news.example/a/d?x"),
        ("/d#f", "https://news.example/d"),
        ("?y=2", "https://news.example/a/b/c?y=2"),
        ("#f", "https://news.example/a/b/c?q=1"),
        ("", "https://news.example/a/b/c?q=1"),
        ("./", "https://news.example/a/b/"),
        ("//other.example:8443/d", "https://other.example:8443/d"),
        ("http://other.example", "http://other.example/"),
        (" /padded\r\n", "https://news.example/padded"),
        ("/caf\udce9", "https://news.example/caf%E9"),
    ],
)
def test_join(reference: str, joined: str) -> None:
    assert str(BASE.join(reference)) == joined


@pytest.mark.parametrize("reference", ["javascript:alert(1)", "http:other", "/a b", "\\\\10.0.0.1\\", "//", "///x", "/\ud800"])
def test_join_refuses(reference: str) -> None:
    with pytest.raises(UrlRefused):
        BASE.join(reference)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("http://news.example/" + "x" * 4_096, "too_long"),
        ("http://news.example/\ud800", "characters"),
        ("http://news.example/a\tb", "characters"),
        ("ftp://news.example/", "scheme"),
        ("http://user@news.example/", "userinfo"),
        ("http://news.example:99999/", "port"),
        ("http://" + "a." * 127 + "example/", "host"),
        ("http://" + "a" * 64 + ".example/", "host"),
        ("http://exa\u00admple.example/", "host"),
        ("http://xn--\u00fc.example/", "host"),
        ("http://1.1.1.1./", "host"),
        ("http://1.1.1/", "host"),
        ("http://①.①.①.①/", "host"),
        ("http://news.ſexample/", "host"),
        ("mailto:me@news.example", "syntax"),
        ("", "syntax"),
    ],
)
def test_refusals_name_their_rule(text: str, rule: str) -> None:
    with pytest.raises(UrlRefused) as refused:
        WebAddress.parse(text)
    assert refused.value.rule == rule
    assert (refused.value.outcome, refused.value.reason, refused.value.retryable) == ("blocked_address", "blocked_address", False)


def test_keys() -> None:
    assert WebAddress.parse("http://News.example/x").host_port == "news.example:80"
    assert WebAddress.parse("https://[2606:4700::1]/x").host_port == "[2606:4700::1]:443"
    assert BASE.origin == "https://news.example:443"
    assert BASE.target == "/a/b/c?q=1"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for reading in (WebAddress.parse, BASE.join):
        try:
            address = reading(text)
        except UrlRefused:
            continue
        assert WebAddress.parse(str(address)) == address
        assert address.url.raw_host == address.host


@given(st.text(alphabet="htp:/.@%[]\\#?1a０.。-_", min_size=1, max_size=30))
def test_the_client_sees_the_host_that_was_checked(tail: str) -> None:
    try:
        address = WebAddress.parse("http://" + tail)
    except UrlRefused:
        return
    assert address.url.raw_host == address.host
    assert address.host.isascii()
