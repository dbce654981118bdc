"""JSON that every reader understands the same way."""

import json
from typing import Any, NoReturn


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice in one object, and readers would differ on which counts")
    if None in members.values():
        raise ValueError("null is not a value, leave the field out")
    return members


def _not_a_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_not_a_number)


def strict_json(raw: bytes | str) -> dict[str, Any]:
    """The object in `raw`.

    Raises ValueError for bad JSON, doubled keys, NaN, Infinity and nulls, and RecursionError for deep nesting.
    """
    data = _DECODER.decode(raw if isinstance(raw, str) else raw.decode())
    if not isinstance(data, dict):
        raise ValueError("an event is a JSON object")
    return data


def may_hold_unstorable(raw: bytes | str) -> bool:
    """Whether an escape of U+0000 or of a surrogate may stand in `raw`; unescaped ones are no JSON or no UTF-8."""
    text = raw if isinstance(raw, bytes) else raw.encode()
    return b"\\u0000" in text or b"\\ud" in text or b"\\uD" in text
