"""Articles, statements, items and outcomes for tests, as the services before the store would send them."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from onrecord.contracts import (
    Article,
    ArticleProvenance,
    Confidence,
    ContentPart,
    Event,
    Extraction,
    Hop,
    Item,
    ItemReason,
    Kind,
    Lane,
    Outcome,
    OutcomeKind,
    Precision,
    Publisher,
    Resolution,
    Revision,
    Speaker,
    SpeakerType,
    Statement,
    StatementArticle,
    StatementProvenance,
    When,
    encode,
    header_map,
    ids,
)
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.tracing import Passed

START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
FEED = ids.feed_id("https://gazette.example/feed")
URL = "https://gazette.example/news/bridge"
BRIDGE = "The bridge will open again in June."
TAXES = "We will not raise taxes this year."
E = TypeVar("E", bound=Event)


def item_id(name: str = "bridge") -> UUID:
    return ids.item_id(FEED, name)


def revision(minutes: int = 0, engine: int = 1) -> Revision:
    return Revision(fetched_at=START + timedelta(minutes=minutes), engine_release=engine)


def article_text(*texts: str) -> str:
    return " ".join(f"“{text}” said Ann Lee." for text in texts)


def article(
    *texts: str, at: Revision | None = None, item: str = "bridge", item_revision: int = 1, url: str = URL, **changes: object
) -> Article:
    when, body = at or revision(), article_text(*texts)
    key = ids.article_id(url)
    fields: dict[str, object] = {
        "article_id": key,
        "revision": when,
        "url": url,
        "title": "Bridge to open",
        "publisher": Publisher(name="Gazette", domain="gazette.example"),
        "published_at": When(value="2026-05-01T11:30:00+00:00", precision=Precision.minute, basis="meta"),
        "language": "en",
        "text": body,
        "text_sha256": hashlib.sha256(body.encode()).hexdigest(),
        "provenance": ArticleProvenance(
            item_id=item_id(item), item_revision=item_revision, feed_id=FEED, discovered_at=START, fetched_at=when.fetched_at
        ),
        "extraction": Extraction(name="onrecord", version="1", at=when.fetched_at),
        "statement_ids": tuple(ids.statement_id(key, ids.text_key(text), 0) for text in texts),
        "lane": Lane.live,
    }
    return Article.model_validate({**fields, **changes})


def statements(story: Article, *texts: str, speaker: str = "Ann Lee", kind: Kind = Kind.direct) -> list[Statement]:
    """In the order of the article's manifest."""
    return [statement(story, text, speaker=speaker, kind=kind) for text in texts]


def statement(story: Article, text: str, *, speaker: str = "Ann Lee", kind: Kind = Kind.direct) -> Statement:
    start = story.text.index(text)
    part = ContentPart(**ContentPart.parts(story.text, start, start + len(text)), part=kind)
    source = story.provenance
    return Statement(
        statement_id=ids.statement_id(story.article_id, ids.text_key(text), 0),
        revision=story.revision,
        kind=kind,
        text=text,
        text_key=ids.text_key(text),
        language=story.language,
        content=(part,),
        speaker=Speaker(
            name=speaker,
            type=SpeakerType.person,
            key=f"per:{speaker.casefold().replace(' ', '-')}",
            resolution=Resolution.full_name,
        ),
        article=StatementArticle(
            article_id=story.article_id,
            url=story.url,
            title=story.title,
            publisher=story.publisher,
            published_at=story.published_at,
            text_sha256=story.text_sha256,
        ),
        provenance=StatementProvenance(
            item_id=source.item_id,
            item_revision=source.item_revision,
            feed_id=source.feed_id,
            discovered_at=source.discovered_at,
            fetched_at=source.fetched_at,
        ),
        confidence=Confidence(span=0.9, speaker=0.8, kind=0.95),
        extraction=story.extraction,
        lane=story.lane,
    )


def item(name: str = "bridge", number: int = 1, *, link: str = URL) -> Item:
    return Item(
        item_id=item_id(name),
        item_revision=number,
        feed_id=FEED,
        feed_url="https://gazette.example/feed",
        link=link,
        link_host="gazette.example:443",
        title="Bridge to open",
        discovered_at=START,
        reason=ItemReason.new,
        lane=Lane.live,
    )


def outcome(kind: OutcomeKind, *, name: str = "bridge", number: int = 1, service: str = "store", minutes: int = 5) -> Outcome:
    return Outcome(
        item_id=item_id(name),
        item_revision=number,
        outcome=kind,
        service=service,
        discovered_at=START,
        ended_at=START + timedelta(minutes=minutes),
        lane=Lane.live,
    )


def delivered(event: E, *, trace: int = 1, now: datetime = START + timedelta(hours=1)) -> Delivery[E]:
    """`event` as the runtime hands it over; `trace` tells one item's life from another's."""
    hop = Hop("/test/store", now, causation_id="cause", traceparent=f"00-{trace:032x}-{trace:016x}-01")
    record = encode(event, hop)
    return Delivery(event, record.topic, header_map(record.headers), hop, now, Passed(hop.traceparent))
