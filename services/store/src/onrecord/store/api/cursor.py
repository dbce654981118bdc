"""Opaque cursors: where a page ended."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

from starlette.exceptions import HTTPException

from onrecord.store.adapters.reader import Change, Position


def encode_cursor(position: Position) -> str:
    return base64.urlsafe_b64encode(f"{position.at.isoformat()} {position.key}".encode()).decode().rstrip("=")


def decode_cursor(text: str | None) -> Position | None:
    """Raises a 400 for what this API did not give out."""
    if text is None:
        return None
    try:
        at, key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split(" ")
        position = Position(datetime.fromisoformat(at), UUID(key))
    except (ValueError, binascii.Error) as error:
        raise HTTPException(400, "cursor: not one that this API gave out") from error
    if position.at.tzinfo is None:
        raise HTTPException(400, "cursor: not one that this API gave out")
    return position


def encode_change(change: Change) -> str:
    return f"{change.tx}-{change.seq}"


def decode_change(text: str | None) -> Change | None:
    """None for what is no event id: the stream then starts from now."""
    tx, dash, seq = (text or "").partition("-")
    if not dash or not (tx.isascii() and tx.isdecimal() and seq.isascii() and seq.isdecimal()):
        return None
    change = Change(int(tx), int(seq))
    return change if change.tx < 2**64 and change.seq < 2**63 else None
