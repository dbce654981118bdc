import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.feed.adapters.prescan import ATTRIBUTES_MAX, DEPTH_MAX, TAG_MAX_BYTES, prescan
from onrecord.feed.domain.errors import DtdForbidden, FeedError, FeedTooComplex, FeedTooDeep
from onrecord.feed.domain.parsed import Flag


def items(body: bytes) -> list[bytes]:
    return [body[span.start : span.end] for span in prescan(body).spans]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"<rss><item>a</item> <item>b</item></rss>", [b"<item>a</item>", b"<item>b</item>"]),
        (b"<a:feed><a:entry x='>'>a</a:entry ></a:feed>", [b"<a:entry x='>'>a</a:entry >"]),
        (b"<item>a<item>b</item>", [b"<item>a", b"<item>b</item>"]),
        (b"<item>a", [b"<item>a"]),
        (b"<items/><entrya/>", []),
        (b"<!--<item>--><item/>", [b"<item/>"]),
        (b"<item><![CDATA[</item><item>]]></item>", [b"<item><![CDATA[</item><item>]]></item>"]),
        (b"<?x <item>?><item>1 < 2 <3</item>", [b"<item>1 < 2 <3</item>"]),
        (b"<entry><item>inner</item></entry>", [b"<entry><item>inner</item></entry>"]),
    ],
)
def test_items_are_found(body: bytes, found: list[bytes]) -> None:
    assert items(body) == found


@pytest.mark.parametrize(
    ("body", "readable", "tail"),
    [
        (b"<item>a</item><!-- open", b"<item>a</item>", b""),
        (b"<item>a</item><item><![CDATA[ open", b"<item>a</item><item><![CDATA[ open", b"]]>"),
        (b"<item>a</item><item title='open", b"<item>a</item>", b""),
        (b"<item>a</item><?open", b"<item>a</item>", b""),
    ],
)
def test_what_never_closes_ends_the_readable_part(body: bytes, readable: bytes, tail: bytes) -> None:
    scan = prescan(body)
    assert body[: scan.end].startswith(readable)
    assert scan.tail == tail


def test_limits_are_inclusive() -> None:
    attributes = b" ".join(b'a%d=""' % n for n in range(ATTRIBUTES_MAX))
    assert prescan(b"<rss " + attributes + b"/>").spans == []
    with pytest.raises(FeedTooComplex):
        prescan(b"<rss b='' " + attributes + b"/>")
    assert prescan(b"<a>" * DEPTH_MAX).spans == []
    with pytest.raises(FeedTooDeep):
        prescan(b"<a>" * (DEPTH_MAX + 1))
    frame = len(b"<a b=''>")
    assert prescan(b"<a b='" + b"x" * (TAG_MAX_BYTES - frame) + b"'>" + b" " * TAG_MAX_BYTES).end > TAG_MAX_BYTES
    with pytest.raises(FeedTooComplex):
        prescan(b"<a b='" + b"x" * (TAG_MAX_BYTES - frame + 1) + b"'>" + b" " * TAG_MAX_BYTES)


def test_depth_is_each_items_own() -> None:
    deep, flat = b"<item>" + b"<a>" * (DEPTH_MAX + 1) + b"</item>", b"<item><a/></item>"
    assert [span.refused for span in prescan(deep + flat + b"<item>" + b"<p>" * 20 + b"</item>" + flat).spans] == [
        Flag.xml_too_deep,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "doctype", [b"<!DOCTYPE rss [", b'<!doctype rss PUBLIC "a[b" "c" [<!ENTITY', b"<!ENTITY a 'b'>", b"<!ATTLIST a>"]
)
def test_declarations_are_refused(doctype: bytes) -> None:
    with pytest.raises(DtdForbidden):
        prescan(doctype + b"]><rss/>")


def test_plain_doctype_passes() -> None:
    assert items(b'<!DOCTYPE rss PUBLIC "-//N//DTD [91]//EN" "http://x.example/rss.dtd"><rss><item/></rss>') == [b"<item/>"]


@given(
    st.lists(st.sampled_from([b"<", b">", b"'", b'"', b"!--", b"-->", b"![CDATA[", b"]]>", b"?", b"/", b"item", b" a=", b"x"]))
)
def test_any_bytes_are_scanned_or_refused(pieces: list[bytes]) -> None:
    body = b"".join(pieces)
    try:
        scan = prescan(body)
    except FeedError:
        return
    assert 0 <= scan.end <= len(body)
    position = 0
    for span in scan.spans:
        assert position <= span.start < span.end <= scan.end
        position = span.end


@pytest.mark.parametrize(
    "piece", [b"<", b"<a ", b"<a '", b'<a ">"', b"<!--", b"<![CDATA[", b"<?", b"<!", b"</", b"<a b='>", b"<item>", b"<a>'"]
)
def test_scan_is_linear(piece: bytes) -> None:
    started = time.process_time()
    with suppress(FeedError):  # a refusal is bounded as well
        prescan(piece * (4_000_000 // len(piece)))
    assert time.process_time() - started < 5
