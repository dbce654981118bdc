"""One YAML page per topic: what a stranger opens first."""

from pathlib import Path
from typing import Any

import yaml

from generator.json_schemas import schema_path
from generator.records import ExampleRecord
from onrecord.contracts.event import SCHEMA_VERSION
from onrecord.contracts.topics import (
    CATALOGUE,
    DAY_MS,
    DEAD_LETTER_RETENTION_DAYS,
    DEFAULT_PARTITIONS,
    RETRY_RETENTION_DAYS,
    RETRY_TIERS,
    Topic,
    dead_letter_topic,
    retry_topic,
)

TOPIC_FOLDER = Path("libs/contracts/topics")
HEAD = "# Generated from onrecord.contracts.topics; do not edit.\n"


def topic_files(examples: list[ExampleRecord]) -> dict[Path, str]:
    return {TOPIC_FOLDER / f"{topic.name}.yaml": HEAD + to_yaml(_page(topic, examples)) for topic in CATALOGUE}


def to_yaml(document: object) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)


def cleanup(topic: Topic) -> dict[str, Any]:
    if topic.compacted:
        return {"cleanup.policy": "compact"}
    return {"cleanup.policy": "delete", "retention.ms": topic.retention_days * DAY_MS}


def _page(topic: Topic, examples: list[ExampleRecord]) -> dict[str, Any]:
    mine = [record for record in examples if record.topic in topic.lane_names]
    page: dict[str, Any] = {
        "topic": topic.name,
        "description": topic.description,
        "key": topic.key,
        "partitions": DEFAULT_PARTITIONS,
        "config": {**cleanup(topic), "max.message.bytes": topic.max_message_bytes},
        "producers": list(topic.producers),
        "consumers": list(topic.consumers),
    }
    if topic.lanes:
        page["backfill_lane"] = topic.lane_names[1]
    if topic.retried_by:
        page["retries"] = {"retention_days": RETRY_RETENTION_DAYS, "topics": _retries(topic)}
    if topic.consumers:
        names = [dead_letter_topic(topic.name, group) for group in topic.consumers]
        page["dead_letters"] = {"retention_days": DEAD_LETTER_RETENTION_DAYS, "topics": names}
    page["events"] = [{"type": cls.ce_type, "schema": str(schema_path(cls)), "version": SCHEMA_VERSION} for cls in topic.events]
    page["compatibility"] = "add-only within a major; a new major is a new type on a new topic"
    page["examples"] = [str(record.path) for record in mine]
    return page


def _retries(topic: Topic) -> list[dict[str, Any]]:
    return [
        {"topic": retry_topic(topic.name, group, tier), "delay_s": tier.delay_s}
        for group in topic.retried_by
        for tier in RETRY_TIERS
    ]
