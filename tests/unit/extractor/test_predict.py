import json
from pathlib import Path

import pytest

from onrecord.extractor.predict import main, predict_folder, predict_page
from unit.extractor.pages import PARAGRAPHS, URL, article


def test_only_id_file_and_url_of_a_row_are_used(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(article())
    (tmp_path / "b.html").write_bytes(b"%PDF-1.7")
    truth = {"title": "TRUTH", "authors": ["TRUTH"], "date": "1999-01-01", "text": "TRUTH"}
    rows = [{"id": "a", "file": "a.html", "url": URL, **truth}, {"id": "b", "file": "b.html", "url": URL, **truth}]
    (tmp_path / "truth.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    first, second = predict_folder(tmp_path)
    assert first == {
        "id": "a",
        "text": "\n".join(PARAGRAPHS),
        "title": "Bridge opens at last",
        "authors": [],
        "date": None,
        "language": "en",
    }
    assert second["text"] is None
    assert second["error"] == "not_html"


def test_the_date_is_a_day() -> None:
    head = '<meta property="article:published_time" content="2026-01-05T23:30:00-05:00">'
    assert predict_page({"id": "a", "url": URL}, article(head=head))["date"] == "2026-01-05"


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
