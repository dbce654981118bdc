"""The topic catalogue: services create their topics from it, and the YAML pages and AsyncAPI are generated from it."""

from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.contracts.article import Article
from onrecord.contracts.envelope import BACKFILL_SUFFIX
from onrecord.contracts.event import Event
from onrecord.contracts.item import Item
from onrecord.contracts.outcome import Deferred, Outcome
from onrecord.contracts.page import Page
from onrecord.contracts.statement import LATEST_TOPIC, Statement, StatementCorrected, StatementRetracted
from onrecord.contracts.takedown import Takedown

DEFAULT_PARTITIONS = 12  # equal for all item lanes and retries, so that a host's records meet on one member
DAY_MS = 24 * 60 * 60 * 1000
# One limit for topics, producers and consumers. A page is 2 MiB and carries its item, with a full-content feed's HTML, in
# headers; an article's text is capped at a million characters of up to 4 bytes each.
MAX_MESSAGE_BYTES = 6 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RetryTier:
    name: str
    delay_s: float


RETRY_TIERS = (RetryTier("1m", 60), RetryTier("10m", 600), RetryTier("2h", 7200))


@dataclass(frozen=True, slots=True)
class Topic:
    """`consumers` are consumer groups, each named like its service; every one has a dead letter, `retried_by` retry tiers."""

    name: str
    description: str
    events: tuple[type[Event], ...]
    key: str
    retention_days: int
    producers: tuple[str, ...]
    consumers: tuple[str, ...] = ()
    retried_by: tuple[str, ...] = ()
    compacted: bool = False
    lanes: bool = False
    max_message_bytes: int = MAX_MESSAGE_BYTES

    @property
    def lane_names(self) -> tuple[str, ...]:
        return (self.name, self.name + BACKFILL_SUFFIX) if self.lanes else (self.name,)


RETRY_RETENTION_DAYS = 3
DEAD_LETTER_RETENTION_DAYS = 14

ITEM = Topic(
    name="onrecord.item.v1",
    description="What feeds showed, new or changed. One host stays with one scraper, so politeness state is local.",
    events=(Item,),
    key="host:port of the link",
    retention_days=7,
    producers=("feed", "scraper"),
    consumers=("scraper", "store"),
    retried_by=("scraper",),
    lanes=True,
)
PAGE = Topic(
    name="onrecord.page.v1",
    description="Fetched pages: the body's bytes, zstd, with the HTTP facts and the item in headers. An archive subscribes here.",
    events=(Page,),
    key="article_id",
    retention_days=3,
    producers=("scraper",),
    consumers=("extractor",),
    retried_by=("extractor",),
    lanes=True,
)
ARTICLE = Topic(
    name="onrecord.article.v1",
    description="Articles as text with the manifest of their statements; revisions in order.",
    events=(Article,),
    key="article_id",
    retention_days=30,
    producers=("extractor",),
    consumers=("store",),
    lanes=True,
)
STATEMENT = Topic(
    name="onrecord.statement.v1",
    description="Who said what. Keep the highest revision per statement_id and honour retractions: two producers write here.",
    events=(Statement, StatementCorrected, StatementRetracted),
    key="article_id",
    retention_days=30,
    producers=("extractor", "store"),
    consumers=("store",),
    lanes=True,
)
STATEMENT_LATEST = Topic(
    name=LATEST_TOPIC,
    description="The current state of every statement; null removes; new consumers start here.",
    events=(Statement, StatementCorrected),
    key="statement_id",
    retention_days=0,
    producers=("store",),
    compacted=True,
)
OUTCOME = Topic(
    name="onrecord.outcome.v1",
    description="The ledger: how every item revision ended, and which wait in a retry tier.",
    events=(Outcome, Deferred),
    key="item_id",
    retention_days=30,
    producers=("feed", "scraper", "extractor", "store"),
    consumers=("feed", "store"),
)
TAKEDOWN = Topic(
    name="onrecord.takedown.v1",
    description="What must be removed and stay removed; read to its end by every service at start-up, then followed.",
    events=(Takedown,),
    key="type:subject",
    retention_days=0,
    producers=("cli",),
    compacted=True,
)
CATALOGUE = (ITEM, PAGE, ARTICLE, STATEMENT, STATEMENT_LATEST, OUTCOME, TAKEDOWN)


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """One topic as it is created."""

    name: str
    partitions: int
    config: dict[str, str]


def retry_topic(topic: str, group: str, tier: RetryTier) -> str:
    return f"{topic}.{group}.retry.{tier.name}"


def dead_letter_topic(topic: str, group: str) -> str:
    return f"{topic}.{group}.dlq"


def retry_topics(topic: Topic, group: str) -> tuple[str, ...]:
    return tuple(retry_topic(topic.name, group, tier) for tier in RETRY_TIERS)


def plans(partitions: int = DEFAULT_PARTITIONS) -> Iterator[TopicPlan]:
    """Every topic of a deployment: lanes, retry tiers and dead letters too."""
    for topic in CATALOGUE:
        size = str(topic.max_message_bytes)
        for name in topic.lane_names:
            policy = {"cleanup.policy": "compact"} if topic.compacted else _delete(topic.retention_days)
            yield TopicPlan(name, partitions, {**policy, "max.message.bytes": size})
        for group in topic.retried_by:
            for name in retry_topics(topic, group):
                yield TopicPlan(name, partitions, {**_delete(RETRY_RETENTION_DAYS), "max.message.bytes": size})
        for group in topic.consumers:
            dlq = dead_letter_topic(topic.name, group)
            yield TopicPlan(dlq, 1, {**_delete(DEAD_LETTER_RETENTION_DAYS), "max.message.bytes": size})


def _delete(days: int) -> dict[str, str]:
    return {"cleanup.policy": "delete", "retention.ms": str(days * DAY_MS)}
