"""Extraction over a folder of saved pages, for measuring: `python -m onrecord.extractor.predict DIR > predictions.jsonl`.

DIR/truth.jsonl tells the pages; of its rows only `id`, `file` and `url` are read.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from onrecord.extractor.adapters.extract import extract_page
from onrecord.extractor.domain.errors import PageError


def predict_page(row: Mapping[str, Any], html: bytes) -> dict[str, Any]:
    """One prediction; a page without an article has a null `text` and its reason in `error`."""
    empty = {"id": row["id"], "text": None, "title": None, "authors": [], "date": None, "language": None}
    try:
        page = extract_page(html, url=str(row["url"]), http_charset=None, content_type=None, feed=None, now=datetime.now(UTC))
    except PageError as error:
        return {**empty, "error": error.reason}
    date = page.published_at.value[:10] if page.published_at else None
    found = {"text": page.text, "title": page.title, "authors": list(page.authors), "date": date, "language": page.language}
    return {**empty, **found}


def predict_folder(folder: Path) -> Iterator[dict[str, Any]]:
    with (folder / "truth.jsonl").open(encoding="utf-8") as rows:
        for line in rows:
            row = json.loads(line)
            given = {key: row[key] for key in ("id", "file", "url")}
            yield predict_page(given, (folder / given["file"]).read_bytes())


def main(argv: list[str]) -> int:
    if len(argv) != 1:
        print("usage: python -m onrecord.extractor.predict DIR", file=sys.stderr)
        return 2
    for prediction in predict_folder(Path(argv[0])):
        print(json.dumps(prediction, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
