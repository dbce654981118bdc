import json
import shutil
from pathlib import Path

import pytest

from onrecord.cli.main import main

PAGES = Path(__file__).parents[2] / "site/content/pages"


def test_one_line_a_page_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(PAGES / "nasa-laser-link.html", tmp_path / "a.html")
    (tmp_path / "b.html").write_bytes(b"%PDF-1.7 not a page")
    rows = [
        {"id": "pdf", "file": "b.html", "url": "https://example.org/b", "text": "the truth"},
        {"id": "lost", "file": "c.html", "url": "https://example.org/c"},
        {"id": "laser", "file": "a.html", "url": "https://www.nasa.gov/a", "title": "the truth"},
    ]
    lines = [json.dumps(row) for row in rows]
    (tmp_path / "truth.jsonl").write_text("\n".join([lines[0], "{broken", '{"id": 1}', *lines[1:]]), encoding="utf-8")
    assert main(["predict-pages", str(tmp_path)]) == 2
    shown = capsys.readouterr()
    pdf, laser = map(json.loads, shown.out.splitlines())
    assert (pdf["id"], pdf["text"], pdf["error"]) == ("pdf", None, "not_html")
    assert (laser["id"], laser["date"], laser["language"]) == ("laser", "2023-12-13", "en")
    assert laser["title"] == "NASA’s Space Station Laser Comm Terminal Achieves First Link"
    assert "ILLUMA-T’s first link" in laser["text"]
    assert [line.split(":")[0] for line in shown.err.splitlines()] == ["line 2", "line 3", "line 4"]


def test_a_folder_without_an_index_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict-pages", str(tmp_path)]) == 2
    assert "truth.jsonl can not be read: No such file" in capsys.readouterr().err
