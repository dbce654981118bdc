"""What all events share: strict writers, tolerant readers, no nulls."""

from abc import abstractmethod
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationInfo, model_validator

SCHEMA_VERSION = "1.0"
READS_MAJOR = 1
CHECKED = object()  # validation context of a body whose bytes were searched already: a third of the cost of reading
SCHEMA_ROOT = "https://onrecord.org/schemas"


class Lane(StrEnum):
    live = "live"
    backfill = "backfill"


class OpenEnum(StrEnum):
    """An enumeration that may grow: a reader takes a value it does not know as `other`."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls("other") if isinstance(value, str) and value != "other" else None


class Data(BaseModel):
    """A part of an event: frozen; a writer may not add fields; absent when unknown, never null."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _sound(cls, data: Any, info: ValidationInfo) -> Any:
        if isinstance(data, dict) and info.context is not CHECKED:
            for name, value in data.items():
                if value is None and info.mode == "json":
                    raise ValueError(f"null is not a value, leave the field out: {name}")
                if not _storable(value):
                    raise ValueError(f"U+0000 or a lone surrogate in {name}")
        return data


def _storable(value: object) -> bool:
    """PostgreSQL text cannot hold U+0000, and UTF-8 no lone surrogate, so no event may carry one."""
    if isinstance(value, str):
        return "\0" not in value and (value.isascii() or _encodes(value))
    return all(map(_storable, value)) if isinstance(value, list | tuple) else True


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class ItemRef(NamedTuple):
    item_id: UUID
    item_revision: int


class Event(Data):
    """One record of a topic. `schema_version` stands in the body for records whose headers were lost."""

    ce_type: ClassVar[str]
    topic: ClassVar[str]
    schema_name: ClassVar[str]

    schema_version: str = Field(
        default=SCHEMA_VERSION, description="major.minor of the schema, for records whose headers were lost"
    )

    @property
    @abstractmethod
    def subject(self) -> str:
        """The record's own id: `ce_subject`."""

    @property
    @abstractmethod
    def key(self) -> str:
        """The record's Kafka key, and `ce_partitionkey`."""

    @property
    @abstractmethod
    def event_revision(self) -> tuple[str, ...]:
        """What tells this event from another of the same type and subject; part of `ce_id`."""

    @property
    @abstractmethod
    def occurred_at(self) -> AwareDatetime:
        """`ce_time`: when the thing happened."""

    @property
    def item_ref(self) -> ItemRef | None:
        """The item whose life this event belongs to; None for events outside any item's life."""
        return None

    @property
    def event_lane(self) -> Lane:
        return Lane.live

    def data_json(self) -> bytes:
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def dataschema(cls) -> str:
        return f"{SCHEMA_ROOT}/{cls.schema_name}/{SCHEMA_VERSION}.json"
