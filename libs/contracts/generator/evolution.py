"""Within a major a new minor may only add: optional fields, and values of enumerations that may grow."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

WORDS_FOR_PEOPLE = frozenset({"description", "title", "$id"})
COMPARED_APART = frozenset({"properties", "$defs", "required", "enum"})


def breaks(old: dict[str, Any], new: dict[str, Any], at: str = "") -> Iterator[str]:
    """What a reader of `old` could trip over in `new`; nothing means that `new` only adds."""
    for word in sorted((set(old) | set(new)) - WORDS_FOR_PEOPLE - COMPARED_APART):
        before, after = old.get(word), new.get(word)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from breaks(before, after, f"{at}/{word}")
        elif before != after:
            yield f"{at}/{word}: {before!r} became {after!r}"
    yield from _members(old, new, at)
    yield from _required(old, new, at)
    yield from _enum(old, new, at)


def _members(old: dict[str, Any], new: dict[str, Any], at: str) -> Iterator[str]:
    for word in ("properties", "$defs"):
        for name, before in old.get(word, {}).items():
            after = new.get(word, {}).get(name)
            if after is None:
                yield f"{at}/{word}/{name}: removed"
            else:
                yield from breaks(before, after, f"{at}/{word}/{name}")


def _required(old: dict[str, Any], new: dict[str, Any], at: str) -> Iterator[str]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(after - before):
        yield f"{at}/required: {name} must now be there"
    for name in sorted(before - after):
        yield f"{at}/required: {name} may now be absent"


def _enum(old: dict[str, Any], new: dict[str, Any], at: str) -> Iterator[str]:
    if ("enum" in old) != ("enum" in new):
        yield f"{at}/enum: added or removed"
        return
    before, after = list(old.get("enum", ())), list(new.get("enum", ()))
    for value in before:
        if value not in after:
            yield f"{at}/enum: {value!r} removed"
    if "other" not in before and len(after) > len(before):
        yield f"{at}/enum: it has no `other`, so it must not grow"


def breaks_between_files(folder: Path) -> Iterator[str]:
    """Every break between successive minors of one major, among the schema files of `folder`."""
    for name in sorted(path for path in folder.iterdir() if path.is_dir()):
        versions = sorted((tuple(map(int, path.stem.split("."))), path) for path in name.glob("*.json"))
        for (older, before), (newer, after) in pairwise(versions):
            if older[0] == newer[0]:
                found = breaks(json.loads(before.read_text("utf-8")), json.loads(after.read_text("utf-8")))
                yield from (f"{after.parent.name}/{after.name}{each}" for each in found)
