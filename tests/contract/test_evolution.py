import copy
from collections.abc import Callable
from typing import Any

import pytest
from generator.evolution import breaks
from generator.json_schemas import schema_classes, schema_of

OLD: dict[str, Any] = {
    "title": "Thing",
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "kind": {"$ref": "#/$defs/Kind"},
        "side": {"$ref": "#/$defs/Side"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["id", "kind"],
    "$defs": {
        "Kind": {"type": "string", "enum": ["a", "other"]},
        "Side": {"type": "string", "enum": ["left", "right"]},
        "Part": {"type": "object", "properties": {"start": {"type": "integer", "minimum": 0}}, "required": ["start"]},
    },
}
Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> list[str]:
    new = copy.deepcopy(OLD)
    change(new)
    return list(breaks(OLD, new))


@pytest.mark.parametrize(
    "change",
    [
        lambda new: new["properties"].update(note={"type": "string"}),
        lambda new: new["$defs"].update(Place={"type": "object", "properties": {}}),
        lambda new: new["$defs"]["Part"]["properties"].update(end={"type": "integer"}),
        lambda new: new["$defs"]["Kind"]["enum"].append("b"),
        lambda new: new.update({"$id": "https://example.org/1.1.json", "description": "better words"}),
        lambda new: new["required"].reverse(),
    ],
    ids=["optional field", "definition", "nested optional field", "open enumeration grows", "words", "order"],
)
def test_additions_break_nothing(change: Change) -> None:
    assert changed(change) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda new: new["properties"].pop("tags"), "/properties/tags: removed"),
        (lambda new: new["$defs"].pop("Part"), "/$defs/Part: removed"),
        (lambda new: new["required"].append("tags"), "/required: tags must now be there"),
        (lambda new: new["required"].remove("kind"), "/required: kind may now be absent"),
        (lambda new: new["properties"]["id"].pop("format"), "/properties/id/format: 'uuid' became None"),
        (lambda new: new["properties"]["tags"]["items"].update(type="integer"), "/properties/tags/items/type"),
        (lambda new: new["$defs"]["Part"]["properties"]["start"].update(minimum=1), "/$defs/Part/properties/start/minimum"),
        (lambda new: new["$defs"]["Kind"]["enum"].remove("a"), "/$defs/Kind/enum: 'a' removed"),
        (lambda new: new["$defs"]["Side"]["enum"].append("up"), "/$defs/Side/enum: it has no `other`"),
        (lambda new: new["$defs"]["Side"].pop("enum"), "/$defs/Side/enum: added or removed"),
        (lambda new: new.update(additionalProperties=False), "/additionalProperties: None became False"),
        (lambda new: new["properties"].update(id={"type": "array", "items": {"type": "string"}}), "/properties/id/type"),
    ],
)
def test_everything_else_is_named(change: Change, says: str) -> None:
    found = changed(change)
    assert any(line.startswith(says) for line in found), found


@pytest.mark.parametrize("name", schema_classes())
def test_a_schema_does_not_break_itself(name: str) -> None:
    document = schema_of(schema_classes()[name])
    assert list(breaks(document, document)) == []
    for field in document["required"]:
        less = copy.deepcopy(document)
        del less["properties"][field]
        assert list(breaks(document, less)) == [f"/properties/{field}: removed"]
