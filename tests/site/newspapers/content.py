"""The texts the newspapers print, read from the JSON files beside this package; licences are in content/ATTRIBUTION.md."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).resolve().parent.parent / "content"


@dataclass(frozen=True)
class Report:
    """A text as its source published it. `html` is set for whole stored pages, which have no `paragraphs`."""

    key: str
    title: str
    authors: tuple[str, ...]
    date: str
    source_url: str
    licence: str
    language: str
    paragraphs: tuple[str, ...] = ()
    html: bytes = b""

    @property
    def summary(self) -> str:
        return self.paragraphs[0] if self.paragraphs else self.title


def _report(row: dict[str, Any], html: bytes = b"") -> Report:
    return Report(
        key=row["key"],
        title=row["title"],
        authors=tuple(row["authors"]),
        date=row["date"],
        source_url=row["source_url"],
        licence=row["licence"],
        language=row["language"],
        paragraphs=tuple(row.get("paragraphs", ())),
        html=html,
    )


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((CONTENT / name).read_text(encoding="utf-8"))
    return rows


@cache
def reports() -> tuple[Report, ...]:
    return tuple(_report(row) for row in _rows("wikinews.json") if row["kind"] == "report")


@cache
def interviews() -> tuple[Report, ...]:
    return tuple(_report(row) for row in _rows("wikinews.json") if row["kind"] == "interview")


@cache
def seed_article() -> Report:
    return _report(_rows("seed.json")[0])


@cache
def stored_pages() -> tuple[Report, ...]:
    return tuple(_report(row, (CONTENT / "pages" / f"{row['key']}.html").read_bytes()) for row in _rows("pages.json"))


@cache
def text_edit() -> dict[str, str]:
    """The correction one newspaper makes: keys `key`, `old`, `new`, `vanishes`, `after`, `added`."""
    edit: dict[str, str] = json.loads((CONTENT / "edit.json").read_text(encoding="utf-8"))
    return edit
