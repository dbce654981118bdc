"""JSON Schemas 2020-12 of the events, one immutable file per major.minor."""

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from onrecord.contracts.envelope import EVENT_CLASSES
from onrecord.contracts.event import SCHEMA_VERSION, Event
from onrecord.contracts.page import Page

SCHEMA_FOLDER = Path("libs/contracts/src/onrecord/contracts/schemas")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAY_GROW = "May grow: take a value you do not know as `other`."


class Published(GenerateJsonSchema):
    """What a reader may rely on: no nulls, no unions, fields that are always sent are required, unknown fields are allowed."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])

    def enum_schema(self, schema: core_schema.EnumSchema) -> dict[str, Any]:
        found = super().enum_schema(schema)
        return {**found, "description": MAY_GROW} if "other" in found["enum"] else found

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: ARG002
    ) -> bool:
        inner = field["schema"]
        absent = inner["type"] == "default" and inner.get("default") is None
        return not absent

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        return False


def schema_of(cls: type[Event]) -> dict[str, Any]:
    found = cls.model_json_schema(by_alias=True, mode="serialization", schema_generator=Published)
    definitions = found.pop("$defs", {})
    for node in (found, *definitions.values()):
        node.pop("additionalProperties", None)
    if cls is Page:  # its fields are headers, where ce_dataschema says the version
        del found["properties"]["schema_version"]
        found["required"].remove("schema_version")
    return {"$schema": DIALECT, "$id": cls.dataschema(), **found, "$defs": dict(sorted(definitions.items()))}


def schema_classes() -> dict[str, type[Event]]:
    """The first class of each schema: a corrected statement shares the statement's."""
    classes: dict[str, type[Event]] = {}
    for cls in EVENT_CLASSES:
        classes.setdefault(cls.schema_name, cls)
    return classes


def schema_path(cls: type[Event], version: str = SCHEMA_VERSION) -> Path:
    return SCHEMA_FOLDER / cls.schema_name / f"{version}.json"


def schema_files() -> dict[Path, str]:
    return {schema_path(cls): to_json(schema_of(cls)) for cls in schema_classes().values()}


def to_json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
