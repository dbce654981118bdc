import json
from typing import Any

import pytest
from aiokafka import TopicPartition

from onrecord.cli.lag import by_group
from onrecord.cli.main import main
from onrecord.cli.status import lag_lines, ledger_lines
from onrecord.runtime.lag import Lag, behind, read_topics

LEDGER = {"items_in": 14, "in_flight": 3, "deferred": 1, "outcomes": {"gone": 1, "stored": 10}}


def test_the_ledger_as_a_person_reads_it() -> None:
    assert [" ".join(line.split()) for line in ledger_lines(LEDGER)] == [
        "items in 14",
        "stored 10",
        "gone 1",
        "in flight 3 (1 wait for another try)",
    ]


def test_a_ledger_that_does_not_balance_says_so() -> None:
    assert list(ledger_lines({**LEDGER, "items_in": 15}))[-1] == "NOT BALANCED: 15 in, 11 ended and 3 in flight"


def test_lag_counts_what_is_there_and_was_not_passed() -> None:
    one, two, three = parts = [TopicPartition("t", number) for number in range(3)]
    starts, ends = {one: 0, two: 50, three: 0}, {one: 10, two: 60, three: 7}
    assert behind(parts, {one: 4, two: 20}, starts, ends) == 6 + 10 + 7
    assert behind(parts, {one: 10, two: 60, three: 9}, starts, ends) == 0
    assert behind(None, {}, starts, ends) is None
    assert behind(parts, None, starts, ends) is None


def test_every_group_is_looked_at_with_its_lanes_and_retries() -> None:
    pairs = list(read_topics())
    assert {group for group, _ in pairs} == {"feed", "scraper", "extractor", "store"}
    assert ("scraper", "onrecord.item.v1.backfill") in pairs
    assert ("extractor", "onrecord.page.v1.extractor.retry.10m") in pairs
    assert len(pairs) == len(set(pairs))


def test_lag_lines_name_who_waits() -> None:
    lags = [Lag("store", "a", 0), Lag("store", "b", 5), Lag("feed", "c", None), Lag("feed", "d", 2), Lag("scraper", "e", 0)]
    assert [" ".join(line.split()) for line in lag_lines(lags, None)] == [
        "store 5 records behind on 2 topics",
        "b 5",
        "feed unknown records behind on 2 topics",
        "c unknown",
        "d 2",
        "scraper 0 records behind on 1 topics",
    ]
    assert list(lag_lines(lags, "no broker")) == ["lag unknown: no broker"]
    assert by_group(lags)["feed"] == {"c": None, "d": 2}


def test_the_ledger_is_shown_when_the_broker_is_away(
    fake_api: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_api.answers["/v1/ledger"] = (200, LEDGER)
    monkeypatch.setenv("ONRECORD_API", fake_api.base)
    monkeypatch.setenv("ONRECORD_KAFKA_BOOTSTRAP", "127.0.0.1:9")
    assert main(["status", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {name: shown[name] for name in LEDGER} == LEDGER
    assert shown["lag_unknown"].startswith("no Kafka broker answers at 127.0.0.1:9")
    assert shown["lag"]["store"]["onrecord.article.v1"] is None


def test_an_outcome_from_elsewhere_is_escaped(
    fake_api: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    fake_api.answers["/v1/ledger"] = (200, {**LEDGER, "outcomes": {"\x1b[2J": 11}})
    monkeypatch.setenv("ONRECORD_API", fake_api.base)
    assert main(["status", "--data", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "\\x1b[2J" in shown
    assert "\x1b" not in shown
    assert "lag unknown: onrecord is not running here" in shown
