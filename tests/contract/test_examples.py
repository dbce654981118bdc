import re
from datetime import datetime

import generate
import pytest
from generator.records import ExampleRecord, example_records
from pydantic import ValidationError

from onrecord import contracts
from onrecord.contracts import Event, Hop, Tombstone, decode, encode
from onrecord.contracts.envelope import BY_TYPE

GOOD = example_records(generate.ROOT, "good")
BAD = example_records(generate.ROOT, "bad")
WRITERS = [record for record in BAD if "writer" in record.document]


def hop_of(headers: dict[str, str]) -> Hop:
    return Hop(
        source=headers["ce_source"],
        recorded_at=datetime.fromisoformat(headers["ce_recordedtime"]),
        causation_id=headers.get("ce_causationid"),
        traceparent=headers.get("traceparent"),
        start_traceparent=headers.get("ce_traceparent"),
    )


@pytest.mark.parametrize("record", GOOD, ids=lambda record: record.path.stem)
def test_good_record_is_read_and_written_back_the_same(record: ExampleRecord) -> None:
    event = decode(record)
    if isinstance(event, Tombstone):
        assert record.value is None
        assert event.key == record.document["key"]
        return
    again = encode(event, hop_of(record.document["headers"]), topic=record.topic)
    assert dict(again.headers) == dict(record.headers)
    assert (again.key, again.value) == (record.key, record.value)
    if not record.topic.startswith("onrecord.statement.latest"):
        assert encode(event, hop_of(record.document["headers"])).topic == record.topic


@pytest.mark.parametrize("record", BAD, ids=lambda record: record.path.stem)
def test_reader_gives_the_error_that_the_bad_record_names(record: ExampleRecord) -> None:
    expected = record.document["reader"]
    if expected == "accepts":
        assert isinstance(decode(record), Event)
        return
    with pytest.raises(contracts.Undecodable, match=re.escape(expected["says"])) as caught:
        decode(record)
    assert type(caught.value) is getattr(contracts, expected["error"])
    assert caught.value.reason == expected["reason"]


@pytest.mark.parametrize("record", WRITERS, ids=lambda record: record.path.stem)
def test_writer_can_not_build_what_the_bad_record_holds(record: ExampleRecord) -> None:
    assert record.value is not None
    assert record.ce_type is not None
    if record.path.stem == "lone_surrogate":  # pydantic's own JSON parser refuses it too; a writer holds it in a str
        with pytest.raises(ValidationError, match=re.escape(record.document["writer"]["says"])):
            BY_TYPE[record.ce_type].model_validate(record.document["value"])
        return
    with pytest.raises(ValidationError, match=re.escape(record.document["writer"]["says"])):
        BY_TYPE[record.ce_type].model_validate_json(record.value)


def test_every_bad_record_names_what_it_must_give() -> None:
    assert all(record.document["reader"] == "accepts" or record.document["reader"]["says"] for record in BAD)
    assert {record.document["reader"]["reason"] for record in BAD if record.document["reader"] != "accepts"} == {
        "malformed_event",
        "message_version",
        "not_an_event",
        "unknown_event_type",
    }
