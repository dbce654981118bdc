"""Hostile pages, each with its verdict: how it must end, and within how many CPU seconds."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest

from onrecord.extractor.adapters.extract import extract_page
from onrecord.extractor.domain.errors import PageError
from onrecord.extractor.domain.page import ExtractedPage

HERE = Path(__file__).parent
FILES = json.loads((HERE / "verdicts.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 1, tzinfo=UTC)
MAX_CPU_SECONDS = 5.0  # then a worker is killed
SENTENCE = "The minister said on Tuesday that the plan would go ahead despite objections from the council. "
STORY = "".join(f"<p>{SENTENCE * 3}</p>" for _ in range(6)).encode()


def page(body: bytes, head: bytes = b"") -> bytes:
    return (
        b'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A headline</title>'
        + head
        + b"</head><body><article><h1>A headline</h1>"
        + body
        + b"</article></body></html>"
    )


def end_of(body: bytes) -> tuple[str, ExtractedPage | None]:
    start = process_time()
    try:
        found = extract_page(body, url="https://news.example/a/1", http_charset=None, content_type=None, feed=None, now=NOW)
    except PageError as error:
        end, found = error.reason, None
    else:
        end = ",".join(found.limits) or "parsed"
    assert process_time() - start < MAX_CPU_SECONDS
    return end, found


@pytest.mark.parametrize("name", sorted(FILES))
def test_small_files(name: str) -> None:
    end, found = end_of((HERE / name).read_bytes())
    assert end == FILES[name]["end"]
    if found is not None:
        assert FILES[name]["text_ends"] in found.text[-100:]
        assert "\x00" not in found.text
        assert found.canonical_url is None


BIG: dict[str, tuple[Callable[[], bytes], str]] = {
    "deep div": (lambda: page(b"<div>" * 100_000 + STORY + b"</div>" * 100_000), "html_too_deep"),
    "deep inline, unclosed": (lambda: page(b"<b><i><font>" * 50_000 + STORY), "html_too_deep"),
    "deep table": (lambda: page(b"<table><tr><td>" * 30_000 + STORY), "html_too_deep"),
    "deep blockquote": (lambda: page(b"<blockquote>" * 20_000 + STORY), "html_too_deep"),
    "a million attributes": (
        lambda: page(b"<div " + b" ".join(b"a%d=1" % i for i in range(1_000_000)) + b">" + STORY + b"</div>"),
        "html_too_complex",
    ),
    "an attribute of 9 MB": (lambda: page(b'<div class="' + b"x" * 9_000_000 + b'">' + STORY + b"</div>"), "parsed"),
    "one line of 10 MB": (lambda: page(SENTENCE.encode() * 105_000), "text_too_long"),
    "one word of 10 MB": (lambda: page(b"<p>" + b"a" * 10_000_000 + b"</p>" + STORY), "text_too_long"),
    "200,000 paragraphs": (
        lambda: page(b"<p>He said it was so.</p>" * 200_000),
        "html_too_complex,text_too_long",
    ),
    "500,000 links": (lambda: page(STORY + b"<a href=/x>y</a> " * 500_000), "html_too_complex"),
    "400,000 breaks": (lambda: page(STORY + b"text<br>" * 400_000), "html_too_complex"),
    "200,000 list items": (lambda: page(STORY + b"<ul>" + b"<li>item number" * 200_000), "html_too_complex"),
    "300,000 spans": (lambda: page(b"<p>" + b"<span>a </span>" * 300_000 + b"</p>" + STORY), "html_too_complex"),
    "unclosed comments": (lambda: page(b"<!--" * 1_000_000 + STORY), "no_text"),
    "a script of 10 MB": (lambda: page(b"<script>" + b"var a='<div>';" * 700_000 + b"</script>" + STORY), "parsed"),
    "deep JSON-LD": (lambda: page(STORY, b'<script type="application/ld+json">' + b"[" * 200_000 + b"</script>"), "parsed"),
    "100,000 author elements": (lambda: page(STORY, b'<meta name="author" content="A, B; C and D">' * 100_000), "parsed"),
    "50,000 dates": (
        lambda: page(STORY + b"".join(b"<time datetime='2026-01-%02d'>x</time>" % (1 + i % 28) for i in range(50_000))),
        "parsed",
    ),
    "a million entities": (lambda: page(b"&amp;" * 1_000_000 + STORY), "parsed"),
}

WITHOUT_STORY = ("one line of 10 MB", "200,000 paragraphs", "300,000 spans")  # it is not there, or behind the cut


@pytest.mark.parametrize("name", sorted(BIG))
def test_big_pages(name: str) -> None:
    build, expected = BIG[name]
    end, found = end_of(build())
    assert end == expected
    if found is not None and name not in WITHOUT_STORY:
        assert SENTENCE.strip() in found.text
