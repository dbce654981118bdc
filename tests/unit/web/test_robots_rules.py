import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.web import RobotsRules
from onrecord.web.robots_rules import MAX_LINE_BYTES, Rule


def rules(text: str | bytes) -> RobotsRules:
    return RobotsRules.parse(text if isinstance(text, bytes) else text.encode(), "onrecord")


def test_urls_are_compared_as_they_are_sent() -> None:
    told = rules("user-agent: *\ndisallow: /ü\ndisallow: /*?print=%c3%bc$")
    assert not told.allowed("https://news.example/ü")
    assert not told.allowed("https://news.example/%c3%bc/story")
    assert not told.allowed("https://news.example/story?print=ü")
    assert told.allowed("https://news.example/story?print=üx")
    assert told.allowed("https://news.example/")


def test_robots_txt_itself_may_always_be_fetched() -> None:
    assert rules("user-agent: *\ndisallow: /").allowed("https://news.example/robots.txt")


def test_own_group_hides_the_one_for_all() -> None:
    told = rules("user-agent: *\ndisallow: /\ncrawl-delay: 9\n\nUser-Agent: OnRecord/2.0\nallow: /\nCrawl-Delay: 2.5")
    assert told.allowed("https://news.example/x")
    assert told.crawl_delay_s == 2.5
    assert not RobotsRules.parse(b"user-agent: *\ndisallow: /", "onrecord").allowed("https://news.example/x")
    assert rules("user-agent: onrecorder\ndisallow: /").allowed("https://news.example/x")


def test_groups_of_one_name_are_one() -> None:
    told = rules(
        "user-agent: onrecord\ndisallow: /a\nuser-agent: x\ndisallow: /b\nuser-agent: y\nuser-agent: onrecord\ndisallow: /c"
    )
    assert [told.allowed(f"https://news.example/{path}") for path in "abc"] == [False, True, False]


@pytest.mark.parametrize(
    ("value", "delay_s"), [("3", 3.0), ("0.5", 0.5), ("1e9", None), ("-1", None), ("99999", 120.0), ("nan", None), ("", None)]
)
def test_crawl_delay(value: str, delay_s: float | None) -> None:
    assert rules(f"user-agent: *\ncrawl-delay: {value}").crawl_delay_s == delay_s


def test_byte_order_mark_odd_line_ends_and_bytes() -> None:
    told = rules(b"\xef\xbb\xbfuser-agent: *\rdisallow: /a\r\n\xff\xfe: \x00\ndisallow: /b\xff")
    assert not told.allowed("https://news.example/a")
    assert not told.allowed("https://news.example/b%FF")


def test_a_long_line_loses_its_end() -> None:
    told = rules(b"user-agent: *\ndisallow: /" + b"a" * MAX_LINE_BYTES + b"\nallow: /b")
    assert len(told.rules) == 2
    assert told.rules[0].length < MAX_LINE_BYTES


@pytest.mark.parametrize(
    ("pattern", "target", "matches"),
    [
        ("*", "/", True),
        ("/a*b*c$", "/aXbXbXc", True),
        ("/a*b*c$", "/aXcXb", False),
        ("/ab*b$", "/ab", False),
        ("/a$b", "/a$b", True),
        ("$", "/", False),
        ("/*$", "/anything", True),
        ("/a**b", "/ab", True),
    ],
)
def test_patterns(pattern: str, target: str, matches: bool) -> None:
    assert Rule.of(pattern, allow=True).matches(target) is matches


def test_adversarial_patterns_stay_linear() -> None:
    piece = b"disallow: /" + b"*a" * 8_000 + b"b$\n"
    many = b"disallow: /*aaaaaaab$\n" * 10_000
    for text in (b"user-agent: *\n" + piece * 30, b"user-agent: *\n" + many):
        told = rules(text)
        started_s = time.process_time()
        assert told.allowed("https://news.example/" + "a" * 4_000)
        assert time.process_time() - started_s < 2.0


@given(st.binary(max_size=300))
def test_any_bytes_give_rules(text: bytes) -> None:
    rules(text).allowed("https://news.example/a?b")
