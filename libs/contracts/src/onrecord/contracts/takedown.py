"""A request to remove text and keep it removed."""

from typing import ClassVar

from pydantic import AwareDatetime, ConfigDict, Field

from onrecord.contracts.event import Event, OpenEnum
from onrecord.contracts.ids import micros


class SubjectType(OpenEnum):
    url = "url"
    domain = "domain"
    statement = "statement"
    other = "other"


class Takedown(Event):
    """What must be removed and stay removed."""

    ce_type: ClassVar[str] = "org.onrecord.takedown.requested.v1"
    topic: ClassVar[str] = "onrecord.takedown.v1"
    schema_name: ClassVar[str] = "takedown"

    subject_type: SubjectType
    subject_value: str = Field(alias="subject", serialization_alias="subject", min_length=1)
    requested_at: AwareDatetime = Field(description="when it was asked")
    reason: str | None = Field(default=None, description="why, in the words of the request")

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    @property
    def subject(self) -> str:
        return f"{self.subject_type}:{self.subject_value}"

    @property
    def key(self) -> str:
        return self.subject

    @property
    def event_revision(self) -> tuple[str, ...]:
        return (micros(self.requested_at),)

    @property
    def occurred_at(self) -> AwareDatetime:
        return self.requested_at
