import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from onrecord.contracts import (
    Event,
    Hop,
    Item,
    ItemReason,
    Lane,
    MalformedEvent,
    MessageVersion,
    NotAnEvent,
    Outgoing,
    Page,
    RetractionReason,
    Speaker,
    SpeakerType,
    Statement,
    StatementRetracted,
    Tombstone,
    Undecodable,
    UnknownEventType,
    decode,
    encode,
    header_map,
    tombstone,
)
from onrecord.contracts.envelope import EVENT_CLASSES
from onrecord.contracts.statement import LATEST_TOPIC
from unit.contracts.strategies import events, texts

NOW = datetime(2026, 3, 2, 9, 31, tzinfo=UTC)
HOP = Hop("/test/feed", NOW)
ITEM_FIELDS: dict[str, Any] = {
    "item_id": UUID(int=1),
    "item_revision": 1,
    "feed_id": UUID(int=2),
    "feed_url": "https://gazette.example/rss.xml",
    "link": "https://gazette.example/a",
    "link_host": "gazette.example:443",
    "discovered_at": NOW,
    "reason": ItemReason.new,
    "lane": Lane.live,
}
ITEM = Item(**ITEM_FIELDS)
slow_to_draw = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
of_every_class = pytest.mark.parametrize("cls", EVENT_CLASSES)


def record(value: bytes | None, **headers: str) -> Outgoing:
    named = {"ce_type": Item.ce_type, **headers}
    return Outgoing("onrecord.item.v1", b"k", value, tuple((name, text.encode()) for name, text in named.items() if text))


def body(**changes: object) -> bytes:
    return json.dumps({**json.loads(ITEM.data_json()), **changes}).encode()


@of_every_class
@slow_to_draw
@given(st.data())
def test_every_event_comes_back_as_it_was_sent(cls: type[Event], data: st.DataObject) -> None:
    event = data.draw(events(cls))
    sent = encode(event, HOP)
    assert decode(sent) == event
    assert encode(event, HOP) == sent


@of_every_class
@slow_to_draw
@given(st.data())
def test_headers_that_every_record_carries(cls: type[Event], data: st.DataObject) -> None:
    event = data.draw(events(cls))
    sent = encode(event, HOP)
    headers = header_map(sent.headers)
    assert len(headers) == len(sent.headers)
    assert sent.key.decode() == headers["ce_partitionkey"] == event.key
    assert (headers["ce_type"], headers["ce_subject"], headers["ce_source"]) == (event.ce_type, event.subject, HOP.source)
    assert headers["ce_dataschema"].endswith(f"/{event.schema_name}/1.0.json")
    assert datetime.fromisoformat(headers["ce_time"]) == event.occurred_at
    ref = event.item_ref
    assert headers.get("item_id") == headers.get("ce_correlationid") == (str(ref.item_id) if ref else None)
    assert headers.get("item_revision") == (str(ref.item_revision) if ref else None)
    assert sent.topic.endswith(".backfill") == is_laned_backfill(event)


def is_laned_backfill(event: Event) -> bool:
    return event.event_lane is Lane.backfill and event.topic.split(".")[1] in ("item", "page", "article", "statement")


unknown_fields = st.dictionaries(st.text("abcxyz_", min_size=3).map("new_".__add__), texts | st.integers() | st.lists(texts))


@pytest.mark.parametrize("cls", [cls for cls in EVENT_CLASSES if cls is not Page])
@slow_to_draw
@given(st.data(), unknown_fields)
def test_reader_ignores_fields_it_does_not_know_and_writer_refuses_them(
    cls: type[Event], data: st.DataObject, unknown: dict[str, object]
) -> None:
    event = data.draw(events(cls))
    sent = encode(event, HOP)
    assert sent.value is not None
    wider = json.dumps({**json.loads(sent.value), **unknown}).encode()
    assert decode(Outgoing(sent.topic, sent.key, wider, sent.headers)) == event
    if unknown:
        with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
            cls.model_validate_json(wider)


@given(st.binary(max_size=200))
def test_any_bytes_give_an_event_or_a_typed_error(value: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(record(value))


@given(texts.filter(lambda word: word not in [reason.value for reason in ItemReason]))
def test_a_new_enumeration_value_is_read_as_other(word: str) -> None:
    found = decode(record(body(reason=word)))
    assert isinstance(found, Item)
    assert found.reason is ItemReason.other


def test_a_nested_new_enumeration_value_is_read_as_other() -> None:
    raw = '{"type": "robot", "resolution": "guessed"}'
    found = Speaker.model_validate_json(raw)
    assert (found.type, found.resolution.value) == (SpeakerType.other, "other")


@pytest.mark.parametrize(
    ("header", "version", "readable"),
    [
        ("1.0", "1.0", True),
        ("1.7", "1.0", True),
        ("", "1.9", True),
        ("", "2.0", False),
        ("2.0", "1.0", False),
        ("1.0", "2.0", True),
        ("10.0", "1.0", False),
    ],
)
def test_version_is_the_headers_or_else_the_bodys(header: str, version: str, readable: bool) -> None:
    uri = f"https://onrecord.org/schemas/item/{header}.json" if header else ""
    found = record(body(schema_version=version), ce_dataschema=uri)
    if readable:
        assert isinstance(decode(found), Item)
        return
    with pytest.raises(MessageVersion) as caught:
        decode(found)
    assert caught.value.reason == "message_version"


@pytest.mark.parametrize(
    ("ce_type", "error"),
    [
        ("", NotAnEvent),
        ("org.onrecord.item.found.v2", MessageVersion),
        ("org.onrecord.item.lost.v1", UnknownEventType),
        ("x", UnknownEventType),
    ],
)
def test_type_decides_who_reads(ce_type: str, error: type[Undecodable]) -> None:
    with pytest.raises(error):
        decode(record(body(), ce_type=ce_type))


def test_an_escaped_backslash_before_u0000_is_plain_text() -> None:
    found = decode(record(body(title="\\u0000 and \\ud800")))
    assert isinstance(found, Item)
    assert found.title == "\\u0000 and \\ud800"


def test_an_escaped_pair_is_one_character() -> None:
    found = decode(record(body(title="🚢")))
    assert b"\\ud83d" in body(title="🚢")
    assert isinstance(found, Item)
    assert found.title == "🚢"


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", "ok \udfff"])
def test_no_event_holds_what_a_database_or_utf8_can_not(bad: str) -> None:
    with pytest.raises(ValidationError, match="or a lone surrogate in title"):
        Item(**ITEM_FIELDS, title=bad)
    with pytest.raises(ValidationError, match="or a lone surrogate in authors"):
        Item(**ITEM_FIELDS, authors=("fine", bad))
    with pytest.raises(MalformedEvent, match="or a lone surrogate in title"):
        decode(record(body(title=bad)))


@given(st.integers(1, 3), st.integers(1, 3))
def test_the_same_work_has_the_same_event_id(one: int, other: int) -> None:
    def ce_id(revision: int, moment: datetime) -> str:
        changed = ITEM.model_copy(update={"item_revision": revision})
        return header_map(encode(changed, Hop("/test/other", moment)).headers)["ce_id"]

    assert (ce_id(one, NOW) == ce_id(other, datetime.now(UTC))) == (one == other)


@slow_to_draw
@given(events(StatementRetracted))
def test_a_takedown_of_what_had_vanished_is_another_event(retracted: StatementRetracted) -> None:
    ids = {
        header_map(encode(retracted.model_copy(update={"reason": reason}), HOP).headers)["ce_id"]
        for reason in (RetractionReason.vanished, RetractionReason.taken_down)
    }
    assert len(ids) == 2


@slow_to_draw
@given(events(StatementRetracted))
def test_tombstone_goes_with_its_retraction(retracted: StatementRetracted) -> None:
    sent = tombstone(retracted, HOP)
    assert (sent.topic, sent.key.decode(), sent.value) == (LATEST_TOPIC, str(retracted.statement_id), None)
    assert decode(sent) == Tombstone(str(retracted.statement_id), retracted.revision, retracted.reason)


def test_a_null_without_headers_is_a_tombstone_too() -> None:
    assert decode(Outgoing(LATEST_TOPIC, b"abc", None, ())) == Tombstone("abc")


def test_a_tombstone_with_a_broken_revision_is_malformed() -> None:
    with pytest.raises(MalformedEvent):
        decode(Outgoing(LATEST_TOPIC, b"abc", None, (("revision_fetched_at", b"soon"),)))


@slow_to_draw
@given(events(Statement))
def test_latest_is_keyed_by_statement(statement: Statement) -> None:
    sent = encode(statement, HOP, topic=LATEST_TOPIC)
    assert (sent.topic, sent.key.decode()) == (LATEST_TOPIC, str(statement.statement_id))


def test_hop_writes_cause_trace_and_extras() -> None:
    hop = Hop("/test/feed", NOW, "cause", "00-a-b-01", "vendor=1", "00-c-d-01", {"extra": "é"})
    headers = header_map(encode(ITEM, hop).headers)
    assert headers["ce_causationid"] == "cause"
    assert (headers["traceparent"], headers["tracestate"], headers["ce_traceparent"]) == ("00-a-b-01", "vendor=1", "00-c-d-01")
    assert headers["extra"] == "é"
