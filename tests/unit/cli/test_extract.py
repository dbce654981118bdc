import hashlib
import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onrecord.cli.main import main
from onrecord.cli.reading import Source, is_html, read
from onrecord.extractor.domain.errors import PageError

CONTENT = Path(__file__).parents[2] / "site/content"
SEED = json.loads((CONTENT / "seed.json").read_text(encoding="utf-8"))[0]
PAGE = CONTENT / "pages/nasa-laser-link.html"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    path = tmp_path / "seed.txt"
    path.write_text(SEED["title"] + "\n\n" + "\n".join(SEED["paragraphs"]), encoding="utf-8")
    return path


def selectors(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "exact" in node:
            yield node
        for value in node.values():
            yield from selectors(value)
    elif isinstance(node, list):
        for value in node:
            yield from selectors(value)


def test_the_seed_text_for_a_person(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(seed)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == SEED["title"]
    assert lines[1] == "outlet unknown — no date — en"
    assert any(
        "Munir Akram (Pakistan’s ambassador to the UN, pronoun) — said — direct — “We are advocating for a ceasefire" in line
        for line in lines
    )
    assert lines[-1].endswith(" statements")


def test_every_offset_of_the_document_proves_itself(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", "--json", str(seed)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["language"] == "en"
    assert document["text_sha256"] == hashlib.sha256(document["text"].encode()).hexdigest()
    assert len(document["statements"]) >= 10
    found = list(selectors(document["statements"]))
    assert len(found) > 20
    for selector in found:
        assert document[selector["field"]][selector["start"] : selector["end"]] == selector["exact"]
    assert {"publisher", "authors", "published_at", "kind"}.isdisjoint(document)
    assert document["statements"][-1]["speaker"]["key"] == "per:akram-munir"


def test_a_page_tells_its_own_facts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", "--json", str(PAGE)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["publisher"] == {"name": "NASA", "domain": "nasa.gov"}
    assert document["published_at"]["value"].startswith("2023-12-13")
    assert document["url"].startswith("https://www.nasa.gov/technology/")
    assert "David Israel" in {statement["speaker"].get("name") for statement in document["statements"]}


def test_a_page_without_an_address_is_given_no_outlet() -> None:
    paragraph = "<p>The port is closed until {} of May, the mayor said on Monday, and nobody knows who pays for it.</p>"
    paragraphs = "".join(paragraph.format(day) for day in range(20))
    page = f"<html><head><title>A story</title></head><body><article><h1>A story</h1>{paragraphs}</article></body></html>"
    story = read(Source(page.encode()), now=NOW)
    assert (story.outlet, story.domain, story.url) == (None, None, None)
    told = read(Source(page.encode(), "https://gazette.example/a"), now=NOW)
    assert (told.outlet, told.url) == ("gazette.example", "https://gazette.example/a")


def test_standard_input_and_a_given_headline(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    raw = "“Never,” said Ann Lee.\x1b[2J He went home.".encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert main(["extract", "-", "--title", "Lee: \x1b]0;no\x07", "--language", "en"]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "Ann Lee (full_name) — said — direct — “Never,”" in shown


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_in_any_common_charset(codec: str) -> None:
    story = read(Source("“Très bien,” said René Dufour.".encode(codec)), now=NOW, language="en")
    assert story.statements[0].speaker.name == "René Dufour"


def test_a_first_line_is_a_headline_only_where_it_stands_alone() -> None:
    assert read(Source(b"Port reopens\n\nIt was closed for a week, the mayor said."), now=NOW).title == "Port reopens"
    assert read(Source(b"The port reopens.\n\nIt was closed for a week."), now=NOW).title is None
    assert read(Source(b"Port reopens\nafter a week of strikes."), now=NOW).title is None


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\x00\x01\x02 binary", b"%PDF-1.7\x00"])
def test_what_is_no_text_has_a_reason(body: bytes) -> None:
    with pytest.raises(PageError):
        read(Source(body), now=NOW)


def test_what_is_no_text_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").touch()
    assert main(["extract", str(tmp_path / "empty")]) == 1
    assert capsys.readouterr().err.endswith("empty: no_text\n")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html>", True),
        (b"<p>Only a paragraph</p>", True),
        (b"If a < b then <parents> worry", False),
        (b"She wrote <b in the margin", False),
    ],
)
def test_html_is_told_by_its_marks(body: bytes, expected: bool) -> None:
    assert is_html(Source(body)) is expected


def test_an_unknown_language_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "text").write_text("これは新聞の記事です。市長は「橋を直す」と述べた。", encoding="utf-8")
    assert main(["extract", str(tmp_path / "text")]) == 0
    assert "'ja'" in capsys.readouterr().err


def test_a_private_address_is_refused_unless_it_is_allowed(fake_api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fake_api.answers["/story"] = (200, PAGE.read_bytes())
    assert main(["extract", f"{fake_api.base}/story"]) == 2
    assert "can not be fetched" in capsys.readouterr().err
    assert not fake_api.asked
    port = fake_api.base.rsplit(":", 1)[1]
    assert main(["extract", f"{fake_api.base}/story", "--allow", f"127.0.0.1/32:{port}"]) == 0
    assert "David Israel" in capsys.readouterr().out
    assert fake_api.headers[0]["User-Agent"].startswith("onrecord/")
    assert main(["extract", f"{fake_api.base}/absent", "--allow", f"127.0.0.1/32:{port}"]) == 2
    assert "answers 404" in capsys.readouterr().err
