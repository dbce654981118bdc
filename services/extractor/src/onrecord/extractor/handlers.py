"""One page to one article with its statements, or to the outcome that says why not."""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from onrecord.contracts import OutcomeKind, Page, When
from onrecord.extractor.domain.errors import PageError
from onrecord.extractor.domain.events import Read, events_of, extraction_of
from onrecord.extractor.domain.page import FeedHints
from onrecord.extractor.jobs import EngineKind, find_statements, read_page
from onrecord.runtime.catalogue import STATEMENTS, Attribute, Span
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.tracing import Tracing
from onrecord.runtime.verdict import Drop, Emit, Verdict
from onrecord.runtime.workers import WorkerKilled, Workers


@dataclass(frozen=True, slots=True)
class Extractor:
    parsers: Workers
    engines: Workers
    tracing: Tracing
    metrics: Metrics
    engine: EngineKind

    async def __call__(self, delivery: Delivery[Page]) -> Verdict:
        try:
            read = await self._read(delivery)
        except PageError as error:
            return Drop(error.outcome, error.reason)
        except WorkerKilled as error:
            return Drop(OutcomeKind.parse_killed, str(error))
        article, statements = events_of(read)
        for statement in statements:
            self.metrics.count(STATEMENTS, statement.kind.value, statement.language)
        return Emit((article, *statements))

    async def _read(self, delivery: Delivery[Page]) -> Read:
        page = delivery.event
        with self.tracing.span(Span.extract, parent=delivery.trace.traceparent):
            found = await self.parsers.run(
                read_page,
                page.body,
                url=page.url_final,
                http_charset=page.http_charset,
                content_type=page.http_content_type,
                feed=hints_of(page),
                now=delivery.now,
            )
        with self.tracing.span(Span.statements, parent=delivery.trace.traceparent) as span:
            published = day_of(found.published_at)
            statements, supported = await self.engines.run(
                find_statements, self.engine, found.text, language=found.language, title=found.title, published_at=published
            )
            span.note({Attribute.statement_count: len(statements)})
        name = f"onrecord-statements/{self.engine}"
        extraction = extraction_of(name, version("onrecord-statements"), delivery.now)
        return Read(page, found, statements, supported, extraction)


def hints_of(page: Page) -> FeedHints:
    item = page.item
    return FeedHints(
        title=item.title,
        authors=item.authors or (),
        published_at=item.published_at,
        language=item.language,
        publisher=item.feed_title,
    )


def day_of(when: When | None) -> datetime | None:
    try:
        return datetime.fromisoformat(when.value) if when else None
    except ValueError:
        return None
