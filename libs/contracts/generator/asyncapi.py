"""The AsyncAPI 3.0 document of all topics."""

from pathlib import Path
from typing import Any

from generator.headers import headers_schema
from generator.json_schemas import SCHEMA_FOLDER, schema_path
from generator.records import ExampleRecord
from generator.topic_pages import HEAD, cleanup, to_yaml
from onrecord.contracts.envelope import EVENT_CLASSES
from onrecord.contracts.event import Event
from onrecord.contracts.page import Page
from onrecord.contracts.statement import LATEST_TOPIC, Statement
from onrecord.contracts.topics import CATALOGUE, DEFAULT_PARTITIONS, Topic

ASYNCAPI_FILE = Path("libs/contracts/asyncapi.yaml")
KAFKA_BINDING_VERSION = "0.5.0"  # the newest that AsyncAPI 3.0.0 lists
EXAMPLES_PER_MESSAGE = 1  # the others lie beside the topic pages


def asyncapi_files(examples: list[ExampleRecord], version: str) -> dict[Path, str]:
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "onrecord",
            "version": version,
            "description": "Who said what, minutes after publication, with the exact characters that prove it. "
            "CloudEvents 1.0 in Kafka's binary mode: attributes are ce_* headers, the value is the data.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(topic, name) for topic in CATALOGUE for name in topic.lane_names},
        "operations": dict(operation for topic in CATALOGUE for operation in _operations(topic)),
        "components": {"messages": {_message_name(cls): _message(cls, examples) for cls in EVENT_CLASSES}},
    }
    return {ASYNCAPI_FILE: HEAD + to_yaml(document)}


def senders(topic: Topic, cls: type[Event]) -> tuple[str, ...]:
    """On the statement topic the extractor sends what it extracted, and the store what it corrects or retracts."""
    if topic.name == Statement.topic:
        return ("extractor",) if cls is Statement else ("store",)
    return topic.producers


def _message_name(cls: type[Event]) -> str:
    return cls.ce_type.removeprefix("org.onrecord.")


def _ref(*path: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(path)}


def _channel(topic: Topic, name: str) -> dict[str, Any]:
    configuration: dict[str, Any] = {**cleanup(topic), "max.message.bytes": topic.max_message_bytes}
    configuration["cleanup.policy"] = [configuration["cleanup.policy"]]
    return {
        "address": name,
        "description": topic.description if name == topic.name else f"The backfill lane of {topic.name}.",
        "messages": {_message_name(cls): _ref("components", "messages", _message_name(cls)) for cls in topic.events},
        "bindings": {
            "kafka": {
                "topic": name,
                "partitions": DEFAULT_PARTITIONS,
                "topicConfiguration": configuration,
                "bindingVersion": KAFKA_BINDING_VERSION,
            }
        },
    }


def _operations(topic: Topic) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for name in topic.lane_names:
        for service in topic.producers:
            sent = [cls for cls in topic.events if service in senders(topic, cls)]
            found.append((f"{service}.send.{name}", _operation("send", service, name, sent)))
        for service in topic.consumers:
            operation = _operation("receive", service, name, list(topic.events))
            group = {"type": "string", "enum": [service]}
            operation["bindings"] = {"kafka": {"groupId": group, "bindingVersion": KAFKA_BINDING_VERSION}}
            found.append((f"{service}.receive.{name}", operation))
    return found


def _operation(action: str, service: str, channel: str, classes: list[type[Event]]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": _ref("channels", channel),
        "tags": [{"name": service}],
        "messages": [_ref("channels", channel, "messages", _message_name(cls)) for cls in classes],
    }


def _message(cls: type[Event], examples: list[ExampleRecord]) -> dict[str, Any]:
    is_page = cls is Page
    home = next(topic for topic in CATALOGUE if topic.name == cls.topic)
    relative = schema_path(cls).relative_to(SCHEMA_FOLDER.parents[3])
    body = {"type": "string", "format": "binary", "description": "the body's bytes, zstd-compressed"}
    mine = [record for record in examples if record.ce_type == cls.ce_type and record.topic != LATEST_TOPIC]
    return {
        "name": cls.ce_type,
        "title": cls.__name__,
        "summary": (cls.__doc__ or "").split("\n")[0],
        "contentType": "text/html" if is_page else "application/json",
        "headers": headers_schema(cls),
        "payload": body if is_page else {"$ref": f"./{relative}"},
        "bindings": {"kafka": {"key": {"type": "string", "description": home.key}, "bindingVersion": KAFKA_BINDING_VERSION}},
        "examples": [_example(record) for record in mine[:EXAMPLES_PER_MESSAGE]],
    }


def _example(record: ExampleRecord) -> dict[str, Any]:
    payload = record.document.get("value", record.document.get("value_b64"))
    return {
        "name": record.path.stem,
        "summary": record.document["description"],
        "headers": record.document["headers"],
        "payload": payload,
    }
