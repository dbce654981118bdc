import json
from datetime import UTC, datetime

from onrecord.contracts import Hop, Takedown, encode

NOW = datetime(2026, 3, 2, 9, 31, tzinfo=UTC)
HOP = Hop("/test/cli", NOW)


def test_takedown_is_keyed_by_type_and_subject() -> None:
    takedown = Takedown.model_validate({"subject_type": "domain", "subject": "gazette.example", "requested_at": NOW})
    sent = encode(takedown, HOP)
    assert sent.key == b"domain:gazette.example"
    assert sent.value is not None
    assert json.loads(sent.value)["subject"] == "gazette.example"
