import json
from typing import Any

import pytest

from onrecord.cli.main import main
from onrecord.cli.why import item_lines

ITEM_ID = "f52e4061-71b8-5d3f-8bbf-805bcc9aeed9"


def hop(event: str, source: str, at: str, **detail: object) -> dict[str, Any]:
    return {
        "type": f"org.onrecord.{event}.v1",
        "source": f"/local/{source}",
        "topic": "t",
        "subject": "s",
        "event_id": "e",
        "occurred_at": "2026-03-02T08:00:00Z",
        "recorded_at": at,
        "seen_at": at,
        "detail": detail,
    }


LIFE: dict[str, Any] = {
    "item_id": ITEM_ID,
    "item_revision": 1,
    "title": "Harbour \x1b[31mreport",
    "link": "https://example.org/a",
    "feed_url": "https://example.org/feed",
    "reason": "new",
    "lane": "live",
    "discovered_at": "2026-03-02T09:00:00Z",
    "ended_at": "2026-03-02T09:00:03.500Z",
    "outcome": "stored",
    "service": "store",
    "statements": 12,
    "trace_ids": ["90f30d8faa74f7a5bc1a389adb5825e8"],
    "hops": [
        hop("item.found", "feed", "2026-03-02T09:00:00Z", reason="new"),
        hop("outcome.recorded", "store", "2026-03-02T09:00:03.500Z", outcome="stored"),
        hop("article.extracted", "extractor", "2026-03-02T10:00:02.250+01:00", fetched_at="2026-03-02T09:00:01+00:00"),
    ],
    "articles": [],
    "superseded_outcomes": [],
}
ITEM = {"item_id": ITEM_ID, "revisions": [LIFE]}


def told(**changes: object) -> list[str]:
    life = {name: value for name, value in {**LIFE, **changes}.items() if value is not None}
    return [" ".join(line.split()) for line in item_lines({"item_id": ITEM_ID, "revisions": [life]})]


def test_a_path_is_told_in_order_with_the_time_between() -> None:
    lines = told()
    assert lines[:2] == [f"item {ITEM_ID}", "revision 1 new live"]
    assert lines[5:9] == [
        "2026-03-02 09:00:00.000Z feed item.found reason=new",
        "2026-03-02 09:00:01.000Z +1.000 s scraper page.fetched",
        "2026-03-02 09:00:02.250Z +1.250 s extractor article.extracted",
        "2026-03-02 09:00:03.500Z +1.250 s store outcome.recorded outcome=stored",
    ]
    assert lines[9:] == [
        "outcome stored by store, 12 statements, 3.500 s after its discovery",
        "trace 90f30d8faa74f7a5bc1a389adb5825e8",
    ]


def test_an_end_has_its_reason_and_what_it_was_before() -> None:
    past = {"outcome": "dead_letter", "service": "extractor", "ended_at": "2026-03-02T09:00:00Z", "effective_outcome": "gone"}
    lines = told(outcome="gone", outcome_reason="http_410", service="scraper", statements=None, superseded_outcomes=[past])
    assert "was dead_letter by extractor, then gone" in lines
    assert "outcome gone (http_410) by scraper, 3.500 s after its discovery" in lines


def test_what_is_in_flight_says_what_it_waits_for() -> None:
    waiting = {"until": "2026-03-02T09:10:00Z", "reason": "http_503"}
    arrival = {"arrived": 3, "expected": 5, "complete": False}
    lines = told(outcome=None, ended_at=None, deferred=waiting, articles=[arrival])
    assert "waits until 2026-03-02T09:10:00Z (http_503)" in lines
    assert "article 3 of 5 statements have arrived" in lines
    assert "outcome none yet: in flight" in lines


@pytest.fixture
def api(fake_api: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("ONRECORD_API", fake_api.base)
    fake_api.answers[f"/v1/items/{ITEM_ID}"] = (200, ITEM)
    fake_api.answers["/v1/items https://example.org/a"] = (200, {"items": [ITEM]})
    return fake_api


def test_by_id_and_by_url(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", ITEM_ID]) == 0
    by_id = capsys.readouterr().out
    assert main(["why", "https://example.org/a"]) == 0
    assert capsys.readouterr().out == by_id
    assert "Harbour \\x1b[31mreport" in by_id
    assert "\x1b" not in by_id


def test_an_address_is_tried_as_typed_and_then_as_it_is_kept(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "HTTPS://Example.org/a?utm_source=mail#top", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"items": [ITEM]}
    assert api.asked == ["/v1/items HTTPS://Example.org/a?utm_source=mail#top", "/v1/items https://example.org/a"]


@pytest.mark.parametrize("asked", ["https://example.org/other", "not a url", "00000000-0000-0000-0000-000000000000"])
def test_what_is_unknown_ends_with_1(api: Any, asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", asked]) == 1
    assert capsys.readouterr().err.startswith(f"onrecord: nothing is known of {asked}")
