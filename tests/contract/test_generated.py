import json
import shutil
from pathlib import Path
from typing import Any

import generate
import pytest
import yaml
from generator.json_schemas import SCHEMA_FOLDER, schema_classes, schema_path
from generator.records import ExampleRecord, example_records
from jsonschema import Draft202012Validator, FormatChecker

from onrecord.contracts.envelope import EVENT_CLASSES, has_lanes
from onrecord.contracts.page import Page
from onrecord.contracts.statement import StatementRetracted
from onrecord.contracts.topics import CATALOGUE, DEFAULT_PARTITIONS, plans

ROOT = generate.ROOT
FORBIDDEN_WORDS = {"anyOf", "oneOf", "allOf", "null", "additionalProperties", "default"}
GOOD = [record for record in example_records(ROOT, "good") if record.ce_type]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for part in ("libs/contracts", "docs/events"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / schema_path(schema_classes()[name])).read_text("utf-8"))
    return found


def words(node: object) -> set[str]:
    """Every keyword and every type of a schema, but not the names of its fields."""
    if not isinstance(node, dict):
        return set()
    named = [child for word in ("properties", "$defs") for child in node.get(word, {}).values()]
    return {*node, str(node.get("type"))}.union(*map(words, [*named, node.get("items")]))


def test_committed_files_are_what_the_models_say() -> None:
    assert list(generate.drift(ROOT)) == []


def test_check_names_the_drifted_file(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = copy / "libs/contracts/topics/onrecord.item.v1.yaml"
    page.write_text(page.read_text("utf-8").replace("partitions: 12", "partitions: 24"), "utf-8")
    (copy / "libs/contracts/topics/onrecord.gone.v1.yaml").write_text("topic: onrecord.gone.v1\n", "utf-8")
    assert generate.main(["--check"], copy) == 1
    said = capsys.readouterr().err
    assert "libs/contracts/topics/onrecord.item.v1.yaml: differs" in said
    assert "libs/contracts/topics/onrecord.gone.v1.yaml: no such topic" in said
    assert len(said.splitlines()) == 2


def test_a_released_schema_is_never_rewritten(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    released = copy / SCHEMA_FOLDER / "item" / "1.0.json"
    released.write_text(released.read_text("utf-8").replace("address to fetch", "address"), "utf-8")
    before = released.read_bytes()
    assert generate.main([], copy) == 1
    assert "item/1.0.json: released" in capsys.readouterr().err
    assert released.read_bytes() == before


def test_write_restores_every_other_file(copy: Path) -> None:
    for path in generate.generated(copy):
        (copy / path).unlink()
    assert generate.main([], copy) == 0
    assert generate.main(["--check"], copy) == 0


def test_a_breaking_minor_is_drift(copy: Path) -> None:
    older = json.loads((copy / SCHEMA_FOLDER / "takedown" / "1.0.json").read_text("utf-8"))
    older["required"].append("reason")
    (copy / SCHEMA_FOLDER / "takedown" / "1.1.json").write_text(json.dumps(older), "utf-8")
    assert [line for line in generate.drift(copy) if "reason must now be there" in line]


@pytest.mark.parametrize("name", schema_classes())
def test_schema_has_no_nulls_unions_or_closed_objects(name: str) -> None:
    document = schema(name)
    Draft202012Validator.check_schema(document)
    assert words(document) & FORBIDDEN_WORDS == set()
    assert document["$id"] == schema_classes()[name].dataschema()
    assert document["description"]


@pytest.mark.parametrize("record", GOOD, ids=lambda record: record.path.stem)
def test_good_example_fits_its_published_schema(record: ExampleRecord) -> None:
    cls = next(cls for cls in EVENT_CLASSES if cls.ce_type == record.ce_type)
    validator = Draft202012Validator(schema(cls.schema_name), format_checker=FormatChecker())
    document = page_document(record) if cls is Page else record.document["value"]
    assert [error.message for error in validator.iter_errors(document)] == []
    assert not validator.is_valid({})


def page_document(record: ExampleRecord) -> dict[str, Any]:
    headers = record.document["headers"]
    parsed = {
        name: json.loads(headers[name]) for name in ("item", "rights", "redirects", "http_status", "from_feed") if name in headers
    }
    return {**headers, **parsed, "article_id": headers["ce_subject"]}


def test_every_event_and_every_topic_has_a_good_example() -> None:
    assert {record.ce_type for record in GOOD} == {cls.ce_type for cls in EVENT_CLASSES}
    assert {record.topic.removesuffix(".backfill") for record in GOOD} == {topic.name for topic in CATALOGUE}


def test_lanes_of_the_catalogue_are_those_encode_uses() -> None:
    laned = {topic.name: topic.lanes for topic in CATALOGUE}
    for cls in EVENT_CLASSES:
        assert has_lanes(cls) == (laned[cls.topic] and cls is not StatementRetracted), cls  # a retraction never waits


def test_topic_pages_name_exactly_the_topics_that_are_created() -> None:
    named: set[str] = set()
    for path in sorted((ROOT / "libs/contracts/topics").glob("*.yaml")):
        page = yaml.safe_load(path.read_text("utf-8"))
        named |= {page["topic"], page.get("backfill_lane", page["topic"])}
        named |= {tier["topic"] for tier in page.get("retries", {}).get("topics", [])}
        named |= set(page.get("dead_letters", {}).get("topics", []))
        for example in page["examples"]:
            assert (ROOT / example).is_file()
    assert named == {plan.name for plan in plans()}


def test_item_lanes_and_retries_have_equal_partition_counts() -> None:
    counts = {plan.partitions for plan in plans() if plan.name.startswith("onrecord.item.v1") and not plan.name.endswith(".dlq")}
    assert counts == {DEFAULT_PARTITIONS}


def references(node: object) -> list[str]:
    if isinstance(node, list):
        return [found for child in node for found in references(child)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [found for child in node.values() for found in references(child)]


def test_asyncapi_references_resolve_and_channels_are_bound() -> None:
    document = yaml.safe_load((ROOT / "libs/contracts/asyncapi.yaml").read_text("utf-8"))
    assert document["asyncapi"] == "3.0.0"
    found = references(document)
    assert len(found) > len(document["operations"])
    for reference in found:
        if not reference.startswith("#/"):
            assert (ROOT / "libs/contracts" / reference).is_file(), reference
            continue
        node = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
    for name, channel in document["channels"].items():
        assert channel["address"] == channel["bindings"]["kafka"]["topic"] == name
    assert all(message["examples"] for message in document["components"]["messages"].values())
