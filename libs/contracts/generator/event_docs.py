"""docs/events/README.md: every topic and every field on one page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator.headers import OF_A_DEAD_LETTER, OF_A_TOMBSTONE, OF_AN_ITEM, OPTIONAL, REQUIRED
from generator.json_schemas import schema_classes, schema_of
from onrecord.contracts.event import SCHEMA_VERSION, Event
from onrecord.contracts.topics import CATALOGUE, Topic

DOCS_FILE = Path("docs/events/README.md")
INTRO = """<!-- Generated from onrecord.contracts; do not edit. -->
# Events

Topics are the product: subscribe to any of them. Every record is a CloudEvent in Kafka's binary mode: attributes are `ce_*`
headers, the value is JSON (of a page: the body's bytes, zstd).
How to subscribe: [libs/contracts](../../libs/contracts/README.md).

- Fields are absent when unknown, never null. Readers ignore fields they do not know.
- Within a major version fields are only added. An enumeration marked *open* may grow: take a new value as `other`.
- Delivery is at least once, in order per key. The same work has the same `ce_id`.
- Offsets in selectors count Unicode code points of the article's NFC text, end exclusive: `text[start:end] == exact`.
"""
STATEMENT_RULE = """
Keep the highest `revision` per `statement_id` (compare `fetched_at`, then `engine_release`). A retraction removes what is not
newer than its own revision; with reason `taken_down` it wins over any revision.
"""


def docs_files() -> dict[Path, str]:
    return {DOCS_FILE: "\n".join(_lines()) + "\n"}


def _lines() -> Iterator[str]:
    yield INTRO
    yield "## Topics\n"
    yield "| Topic | Key | Kept | From | Events |"
    yield "|---|---|---|---|---|"
    for topic in CATALOGUE:
        yield _topic_row(topic)
    yield "\nTopics with a backfill lane (`<topic>.backfill`): " + ", ".join(f"`{t.name}`" for t in CATALOGUE if t.lanes) + "."
    yield "Retries and dead letters are named on each [topic's page](../../libs/contracts/topics)."
    yield "\n## Headers\n"
    yield from _header_table()
    for cls in schema_classes().values():
        yield from _event(cls)


def _topic_row(topic: Topic) -> str:
    kept = "compacted" if topic.compacted else f"{topic.retention_days} d"
    events = ", ".join(f"[{cls.__name__}](#{cls.schema_name})" for cls in topic.events)
    return f"| `{topic.name}` | {topic.key} | {kept} | {', '.join(topic.producers)} | {events} |"


def _header_table() -> Iterator[str]:
    yield "| Header | Meaning | On |"
    yield "|---|---|---|"
    groups = (
        (REQUIRED, "every record"),
        (OF_AN_ITEM, "records of an item"),
        (OPTIONAL, "where known"),
        (OF_A_TOMBSTONE, "nulls on `statement.latest`"),
        (OF_A_DEAD_LETTER, "dead letters"),
    )
    for group, where in groups:
        for name, text in group.items():
            yield f"| `{name}` | {_cell(text)} | {where} |"


def _event(cls: type[Event]) -> Iterator[str]:
    schema = schema_of(cls)
    types = ", ".join(f"`{name}`" for name in _types(cls))
    yield f'\n## <a id="{cls.schema_name}"></a>{cls.__name__}\n'
    yield f"{schema.get('description', '')} Type {types}, [schema]({_link(cls)})."
    if cls.schema_name == "statement":
        yield STATEMENT_RULE
    yield "\n| Field | Type | Required | Meaning |"
    yield "|---|---|---|---|"
    yield from _rows(schema, schema["$defs"], "")


def _types(cls: type[Event]) -> list[str]:
    return sorted({other.ce_type for topic in CATALOGUE for other in topic.events if other.schema_name == cls.schema_name})


def _link(cls: type[Event]) -> str:
    return f"../../libs/contracts/src/onrecord/contracts/schemas/{cls.schema_name}/{SCHEMA_VERSION}.json"


def _rows(node: dict[str, Any], definitions: dict[str, Any], prefix: str) -> Iterator[str]:
    for name, field in node["properties"].items():
        target = _target(field, definitions)
        required = "yes" if name in node.get("required", ()) else ""
        meaning = field.get("description") or target.get("description", "")
        if "enum" in target:
            meaning = field.get("description", "")
        yield f"| `{prefix}{name}` | {_type(field, definitions)} | {required} | {_cell(meaning)} |"
        if "properties" in target and _name(field) not in ("Selector", "ContentPart", "Item") and not prefix:
            yield from _rows(target, definitions, f"{name}.")


def _name(field: dict[str, Any]) -> str:
    reference = field.get("$ref") or field.get("items", {}).get("$ref", "")
    return str(reference).rsplit("/", 1)[-1]


def _target(field: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = definitions.get(_name(field), field)
    return found


def _type(field: dict[str, Any], definitions: dict[str, Any]) -> str:
    many = "[]" if field.get("type") == "array" else ""
    inner = field.get("items", field)
    target = _target(inner, definitions)
    if "enum" in target:
        words = " \\| ".join(target["enum"])
        return (f"({words})[]" if many else words) + (" *(open)*" if "other" in target["enum"] else "")
    if "properties" in target:
        return _name(inner) + many
    return str(target.get("format", target["type"])) + many


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")
