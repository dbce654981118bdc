from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.web import Link
from onrecord.web.headers import http_date, links, max_age_s, media_type, retry_after_s, validator
from unit.web.fakes import NOON


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("86401", 86_400.0),
        ("9" * 5_000, 86_400.0),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sunday, 01-Mar-26 12:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 13:00:30 +0100", 30.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("Sun, 99 Mar 2026 12:00:30 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value, NOON) == seconds


def test_http_date_is_utc() -> None:
    assert http_date("Sun, 01 Mar 2026 12:00:00 GMT") == NOON
    assert http_date("0") is None


def test_max_age() -> None:
    assert max_age_s("public, MAX-AGE=60") == 60
    assert max_age_s('max-age="60"') == 60
    assert max_age_s("max-age=99999999999") == 31_536_000
    assert max_age_s("s-maxage=60") is None
    assert max_age_s("no-store") is max_age_s(None) is None


def test_validators_are_short_visible_ascii() -> None:
    assert validator('W/"a b"') == 'W/"a b"'
    assert validator("x" * 1_024) == "x" * 1_024
    for dropped in (None, "", "x" * 1_025, "a\nb", "é", "a\x00"):
        assert validator(dropped) is None


def test_media_type() -> None:
    assert media_type('Text/HTML; x=y; Charset="UTF-8"; charset=latin1') == ("text/html", "utf-8")
    assert media_type("text/html; charset=" + "x" * 200) == ("text/html", None)
    assert media_type(None) == media_type("; ;") == (None, None)


def test_links() -> None:
    assert links(['<https://h.example/?a=1,2;3>; title="x"; rel="hub self"', "<b>;REL=next , <c>"]) == (
        Link("https://h.example/?a=1,2;3", "hub"),
        Link("https://h.example/?a=1,2;3", "self"),
        Link("b", "next"),
    )
    assert len(links(["<a>;rel=hub," * 5_000])) == 32
    assert links(["<<<<", "no link", "<open"]) == ()


@given(st.text(max_size=200))
def test_no_header_raises(value: str) -> None:
    assert (retry_after_s(value, NOON) or 0.0) >= 0.0
    media_type(value), links([value]), max_age_s(value), validator(value)
    moment = http_date(value)
    assert moment is None or moment > datetime.min.replace(tzinfo=UTC)
