"""Any order and any redelivery of the same records ends in the same state."""

import asyncio
import importlib.util
import itertools
import sqlite3
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any, Self

import generate
import pytest
from generator.records import ExampleRecord, example_records
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.contracts import (
    Hop,
    Outgoing,
    RetractionReason,
    Revision,
    Statement,
    StatementCorrected,
    StatementRetracted,
    encode,
    tombstone,
)
from onrecord.contracts.statement import LATEST_TOPIC

NOW = datetime(2026, 3, 2, 9, 31, tzinfo=UTC)
HOP = Hop("/test/store", NOW)
GOOD = {record.path.stem: record for record in example_records(generate.ROOT, "good")}
STATEMENT = Statement.model_validate(GOOD["statement"].document["value"])
ID = str(STATEMENT.statement_id)


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "idempotent_consumer", generate.ROOT / "libs/contracts/examples/idempotent_consumer.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


consumer = load()


def revision(number: int) -> Revision:
    """Two pages, and engine releases on both sides of ten, where text would sort wrongly."""
    return Revision(fetched_at=NOW + timedelta(minutes=number // 4), engine_release=8 + number % 4)


def extracted(number: int) -> Outgoing:
    return encode(STATEMENT.model_copy(update={"revision": revision(number), "text": f"text {number}"}), HOP)


def corrected(number: int) -> Outgoing:
    fields = STATEMENT.model_dump(exclude_none=True) | {"revision": revision(number), "text": f"corrected {number}"}
    return encode(StatementCorrected.model_validate(fields), HOP)


def latest(number: int) -> Outgoing:
    return encode(STATEMENT.model_copy(update={"revision": revision(number), "text": f"text {number}"}), HOP, topic=LATEST_TOPIC)


def retraction(number: int, reason: RetractionReason) -> StatementRetracted:
    return StatementRetracted(
        statement_id=STATEMENT.statement_id,
        article_id=STATEMENT.article.article_id,
        revision=revision(number),
        reason=reason,
        retracted_at=NOW,
    )


def vanished(number: int) -> Outgoing:
    return encode(retraction(number, RetractionReason.vanished), HOP)


def taken_down(number: int) -> Outgoing:
    return encode(retraction(number, RetractionReason.taken_down), HOP)


def null(number: int) -> Outgoing:
    return tombstone(retraction(number, RetractionReason.vanished), HOP)


def null_taken_down(number: int) -> Outgoing:
    return tombstone(retraction(number, RetractionReason.taken_down), HOP)


def state(records: list[Outgoing]) -> list[Any]:
    database = sqlite3.connect(":memory:")
    database.execute(consumer.TABLE)
    for record in records:
        consumer.apply(database, record)
    found = database.execute("SELECT * FROM statement ORDER BY statement_id").fetchall()
    database.close()
    return found


def text(records: list[Outgoing]) -> str | None:
    (row,) = state(records)
    return None if row[-1] is None else Statement.model_validate_json(row[-1], extra="ignore").text


KINDS = (extracted, corrected, latest, vanished, null, taken_down, null_taken_down)
some_records = st.lists(
    st.builds(lambda kind, number: kind(number), st.sampled_from(KINDS), st.integers(0, 7)), min_size=1, max_size=6
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_records, st.data())
def test_any_shuffle_with_any_redelivery_ends_in_the_same_state(records: list[Outgoing], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(records), max_size=6))
    assert state(data.draw(st.permutations(records + again))) == state(records)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([extracted(1), extracted(2)], "text 2"),
        ([extracted(1), extracted(2), latest(2)], "text 2"),
        ([extracted(3), extracted(1), corrected(3)], "corrected 3"),
        ([extracted(3), extracted(4)], "text 4"),
        ([extracted(1), vanished(5)], None),
        ([extracted(1), vanished(5), null(5), extracted(6)], "text 6"),
        ([extracted(1), null(5), latest(6)], "text 6"),
        ([extracted(6), taken_down(1)], None),
        ([extracted(6), null_taken_down(1), vanished(7)], None),
    ],
)
def test_every_order_gives_the_expected_text(records: list[Outgoing], expected: str | None) -> None:
    for order in itertools.permutations(records):
        assert text([*order, *order]) == expected
        assert len(state([*order])) == 1


def test_statements_do_not_touch_each_other() -> None:
    other = GOOD["statement_indirect"]
    database = sqlite3.connect(":memory:")
    database.execute(consumer.TABLE)
    for record in (GOOD["statement"], other, GOOD["statement_taken_down"]):
        consumer.apply(database, record)
    held = dict(database.execute("SELECT statement_id, body IS NOT NULL FROM statement").fetchall())
    assert held == {ID: 0, other.document["value"]["statement_id"]: 1}


def test_a_null_of_another_writer_removes_what_is_held() -> None:
    bare = Outgoing(LATEST_TOPIC, ID.encode(), None, ())
    assert text([extracted(1), bare, extracted(1)]) is None
    assert text([extracted(1), bare, extracted(2)]) == "text 2"


def test_other_events_leave_no_trace() -> None:
    takedown = GOOD["takedown"]
    assert state([Outgoing("onrecord.takedown.v1", takedown.key, takedown.value, takedown.headers)]) == []


class OneBatch:
    """A consumer that hands out one batch and is then cancelled, as at shutdown; notes whether the rows were there at commit."""

    batch: list[Any]
    rows_at_commit: list[int]

    def __init__(self, *topics: str, **settings: Any) -> None:
        assert settings["enable_auto_commit"] is False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        return

    async def getmany(self, timeout_ms: int) -> dict[str, list[Any]]:
        if self.rows_at_commit:
            raise asyncio.CancelledError
        return {"partition": self.batch}

    async def commit(self) -> None:
        self.rows_at_commit.append(sqlite3.connect(self.path).execute("SELECT count(*) FROM statement").fetchone()[0])

    path = ""


class Placed:
    """A record with the place it was read at."""

    partition, offset = 3, 42

    def __init__(self, record: ExampleRecord) -> None:
        self.topic, self.key, self.value, self.headers = record.topic, record.key, record.value, record.headers


async def test_offsets_are_committed_after_the_rows_and_bad_records_are_named(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = next(record for record in example_records(generate.ROOT, "bad") if record.path.stem == "null_nested_value")
    OneBatch.batch, OneBatch.rows_at_commit, OneBatch.path = (
        [Placed(bad), Placed(GOOD["statement"])],
        [],
        str(tmp_path / "held.db"),
    )
    monkeypatch.setattr(consumer, "AIOKafkaConsumer", OneBatch)
    with pytest.raises(asyncio.CancelledError):
        await consumer.follow("localhost:9092", sqlite3.connect(OneBatch.path))
    assert OneBatch.rows_at_commit == [1]
    assert "onrecord.statement.v1[3]@42: malformed_event" in capsys.readouterr().err
