import base64
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from onrecord.store.adapters.reader import Change, Position
from onrecord.store.api.cursor import decode_change, decode_cursor, encode_change, encode_cursor


@given(st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_cursors_come_back(at: datetime, key: uuid.UUID) -> None:
    assert decode_cursor(encode_cursor(Position(at, key))) == Position(at, key)


@pytest.mark.parametrize("text", ["", "x", "%%%", "é", base64.urlsafe_b64encode(b"2026-05-01T00:00:00 not-a-uuid").decode()])
def test_others_are_refused(text: str) -> None:
    with pytest.raises(HTTPException):
        decode_cursor(text)


def test_a_cursor_without_offset_is_refused() -> None:
    naive = base64.urlsafe_b64encode(f"2026-05-01T00:00:00 {uuid.uuid4()}".encode()).decode()
    with pytest.raises(HTTPException):
        decode_cursor(naive)


def test_event_ids_come_back() -> None:
    assert decode_change(encode_change(Change(7, 12))) == Change(7, 12)


@pytest.mark.parametrize("text", [None, "", "7", "7-", "-7", "a-b", "1-²", "7-12-3", f"{2**64}-1", f"1-{2**63}"])
def test_what_is_no_event_id_starts_from_now(text: str | None) -> None:
    assert decode_change(text) is None
