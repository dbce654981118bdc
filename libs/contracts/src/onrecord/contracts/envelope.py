"""CloudEvents 1.0, Kafka binding, binary mode: attributes are `ce_*` headers, the value is the data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeVar

from onrecord.contracts.article import Article, Revision, Rights
from onrecord.contracts.errors import MalformedEvent, MessageVersion, NotAnEvent, UnknownEventType
from onrecord.contracts.event import CHECKED, READS_MAJOR, Data, Event, Lane
from onrecord.contracts.ids import event_id, micros
from onrecord.contracts.item import Item
from onrecord.contracts.outcome import Deferred, Outcome
from onrecord.contracts.page import Page
from onrecord.contracts.statement import LATEST_TOPIC, RetractionReason, Statement, StatementCorrected, StatementRetracted
from onrecord.contracts.strict_json import may_hold_unstorable, strict_json
from onrecord.contracts.takedown import Takedown

EVENT_CLASSES: tuple[type[Event], ...] = (
    Item,
    Page,
    Article,
    Statement,
    StatementCorrected,
    StatementRetracted,
    Outcome,
    Deferred,
    Takedown,
)
BY_TYPE: dict[str, type[Event]] = {cls.ce_type: cls for cls in EVENT_CLASSES}
BACKFILL_SUFFIX = ".backfill"

Part = TypeVar("Part", bound=Data)
Headers = Sequence[tuple[str, bytes]]


class KafkaRecord(Protocol):
    """What any Kafka client hands out: aiokafka's ConsumerRecord fits as it is."""

    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Iterable[tuple[str, bytes]]: ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to send; `value` None is a tombstone."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A null on a compacted topic: the current state of `key` is gone.

    The headers tell which retraction it goes with, so that readers of two topics need not mind which came first.
    """

    key: str
    revision: Revision | None = None
    reason: RetractionReason | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """What a producer knows beside the event: who it is, what caused this record, and the trace."""

    source: str
    recorded_at: datetime
    causation_id: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None
    start_traceparent: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


def encode(event: Event, hop: Hop, *, topic: str | None = None) -> Outgoing:
    """The record of `event`; `topic` overrides the event's own, and on `statement.latest` the key is the statement's id."""
    subject, lane = event.subject, event.event_lane
    key = subject if topic == LATEST_TOPIC else event.key
    base = topic or event.topic
    name = base + BACKFILL_SUFFIX if lane is Lane.backfill and topic is None and has_lanes(type(event)) else base
    body, facts = _page_parts(event) if isinstance(event, Page) else (event.data_json(), {"content-type": "application/json"})
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(event_id(event.ce_type, subject, *event.event_revision)),
        "ce_type": event.ce_type,
        "ce_source": hop.source,
        "ce_subject": subject,
        "ce_time": micros(event.occurred_at),
        "ce_recordedtime": micros(hop.recorded_at),
        "ce_dataschema": event.dataschema(),
        "ce_partitionkey": key,
        "lane": lane.value,
        **facts,
        **_life(event, hop),
        **hop.extra,
    }
    return Outgoing(name, key.encode(), body, tuple((k, v.encode()) for k, v in headers.items()))


def tombstone(retracted: StatementRetracted, hop: Hop) -> Outgoing:
    """The null on `statement.latest` that goes with a retraction."""
    record = encode(retracted, hop, topic=LATEST_TOPIC)
    fetched_at, engine_release = retracted.revision.fields
    marks = {"revision_fetched_at": fetched_at, "revision_engine_release": engine_release, "retraction_reason": retracted.reason}
    return replace(record, value=None, headers=(*record.headers, *((k, v.encode()) for k, v in marks.items())))


def decode(record: KafkaRecord) -> Event | Tombstone:
    """The typed event of a record; raises Undecodable.

    Unknown fields are ignored and unknown enumeration values become `other`, so a reader outlives add-only changes;
    a newer major version raises MessageVersion.
    """
    raw = dict(record.headers or ())
    if record.value is None:
        return _tombstone(record.key or b"", header_map(raw.items()))
    name = (raw.get("ce_type") or b"").decode(errors="replace")
    if not name:
        raise NotAnEvent("record has no ce_type header")
    cls = BY_TYPE.get(name)
    if cls is None:
        raise _newer(name) or UnknownEventType(f"unknown event type {name!r}")
    try:
        schema = (raw.get("ce_dataschema") or b"").decode(errors="replace")
        if cls is Page:
            _check_version(schema)
            return _page(header_map(raw.items()), record.value)
        body = strict_json(record.value)
        _check_version(schema or str(body.get("schema_version", "")))
        return cls.model_validate(body, extra="ignore", context=_context(record.value))
    except (ValueError, RecursionError) as error:
        raise MalformedEvent(f"{name}: {error}") from error


def _tombstone(key: bytes, headers: Mapping[str, str]) -> Tombstone:
    name = key.decode(errors="replace")
    if "revision_fetched_at" not in headers:
        return Tombstone(name)
    pair = {"fetched_at": headers["revision_fetched_at"], "engine_release": headers.get("revision_engine_release")}
    try:
        return Tombstone(name, Revision.model_validate(pair), RetractionReason(headers.get("retraction_reason", "other")))
    except ValueError as error:
        raise MalformedEvent(f"tombstone: {error}") from error


def header_map(headers: Iterable[tuple[str, bytes]] | None) -> dict[str, str]:
    """Headers as text; the last of equal names wins."""
    return {name: value.decode(errors="replace") for name, value in headers or () if value is not None}


def has_lanes(cls: type[Event]) -> bool:
    return issubclass(cls, Item | Page | Article | Statement)


def _life(event: Event, hop: Hop) -> dict[str, str]:
    found = {
        "ce_causationid": hop.causation_id,
        "traceparent": hop.traceparent,
        "tracestate": hop.tracestate,
        "ce_traceparent": hop.start_traceparent,
    }
    ref = event.item_ref
    if ref:
        item = str(ref.item_id)
        found |= {"item_id": item, "item_revision": str(ref.item_revision), "ce_correlationid": item}
    return {name: value for name, value in found.items() if value}


PAGE_IN_BODY = ("article_id", "body", "item", "rights", "schema_version")


def _page_parts(page: Page) -> tuple[bytes, dict[str, str]]:
    facts = page.model_dump(mode="json", exclude_none=True, exclude=set(PAGE_IN_BODY))
    headers = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in facts.items()}
    headers["item"] = page.item.data_json().decode()
    headers["content-type"] = "text/html"
    headers["content-encoding"] = "zstd"
    if page.rights:
        headers["rights"] = page.rights.model_dump_json(exclude_none=True)
    return page.body, headers


def _page(headers: Mapping[str, str], body: bytes) -> Page:
    if headers.get("content-encoding") != "zstd":
        raise ValueError("page body must be zstd")
    fields: dict[str, object] = {
        name: headers[name] for name in Page.model_fields if name in headers and name not in PAGE_IN_BODY
    }
    return Page.model_validate(
        {
            **fields,
            "article_id": headers.get("ce_subject"),
            "item": _part(Item, headers.get("item", "")),
            "rights": _part(Rights, headers["rights"]) if "rights" in headers else None,
            "body": body,
        }
    )


def _part(cls: type[Part], raw: str) -> Part:
    return cls.model_validate(strict_json(raw), extra="ignore", context=_context(raw))


def _context(raw: bytes | str) -> object:
    return None if may_hold_unstorable(raw) else CHECKED


def _check_version(dataschema: str) -> None:
    version = dataschema.rsplit("/", 1)[-1].removesuffix(".json")
    major = version.split(".")[0]
    if major.isdecimal() and int(major) > READS_MAJOR:
        raise MessageVersion(f"schema version {version} is newer than {READS_MAJOR}.x")


def _newer(ce_type: str) -> MessageVersion | None:
    stem, _, version = ce_type.rpartition(".v")
    known = any(name.rpartition(".v")[0] == stem for name in BY_TYPE)
    return MessageVersion(f"{ce_type} is newer than this reader") if known and version.isdecimal() else None
