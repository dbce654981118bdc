"""One feed, one poll: fetch, read, plan, and everything that follows in one transaction."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from onrecord.contracts import Hop, Item, Outgoing, Validators, encode, ids
from onrecord.feed.adapters.db import FeedRow, FeedRows, LeaseLost, PollRecord, SeenItem
from onrecord.feed.adapters.parse import parse_feed
from onrecord.feed.domain.answer import Answer, bounds_of, follow_up
from onrecord.feed.domain.errors import FeedError
from onrecord.feed.domain.health import Fault, Health, after_redirect, fault_of_status
from onrecord.feed.domain.items import item_event
from onrecord.feed.domain.parsed import ParsedFeed
from onrecord.feed.domain.plan import Known, PlannedItem, PollPlan, lookup, plan_poll
from onrecord.feed.domain.schedule import Cadence, Hints, after_items, after_nothing_new, is_flood
from onrecord.runtime.catalogue import ITEMS_FOUND, POLLS, Span
from onrecord.runtime.registry import Services
from onrecord.runtime.workers import WorkerKilled, Workers
from onrecord.web import FetchFailed, HostBusy, Politeness, Response, UrlPolicy, WebAddress, WebClient, WebError
from onrecord.web import canonical_url as canonical

ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
IDLE_S = 1.0  # the longest a feed that was just added waits

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was read, with what its items mean."""

    parsed: ParsedFeed
    plan: PollPlan


@dataclass(frozen=True, slots=True)
class Poller:
    rows: FeedRows
    client: WebClient
    politeness: Politeness
    parsers: Workers
    services: Services
    policy: UrlPolicy
    lease: timedelta
    first_poll_items: int
    reconcile_after: timedelta

    async def run(self, outages: tuple[type[Exception], ...]) -> None:
        while True:
            await self.services.backoff.until_done("feed database", outages, self._poll_next)

    async def _poll_next(self) -> None:
        feed = await self.rows.claim(self.services.now(), self.lease)
        if feed is None:
            await asyncio.sleep(IDLE_S)
        else:
            await self.poll(feed)

    async def poll(self, feed: FeedRow) -> None:
        with self.services.tracing.span(Span.poll) as trace:
            now = self.services.now()
            response, failure = await self._fetch(feed)
            found = None
            if response is None:
                answer = _failed(feed, failure)
            else:
                answer, found = await self._read(feed, response, now)
            self.services.metrics.count(POLLS, answer.result)
            try:
                await self._save(feed, response, answer, found, trace.traceparent, now)
            except LeaseLost:
                log.warning("another replica took over %s", feed.url)
            if answer.fault:
                log.warning("poll of %s: %s %s", feed.url, answer.result, answer.detail or "")

    async def _fetch(self, feed: FeedRow) -> tuple[Response | None, WebError | None]:
        try:
            address = WebAddress.parse(feed.poll_url)
            async with self.politeness.turn(address.host_port):
                validators = Validators(etag=feed.etag, last_modified=feed.last_modified)
                return await self.client.get(address, follow_hosts=True, accept=ACCEPT, validators=validators), None
        except WebError as error:
            return None, error

    async def _read(self, feed: FeedRow, response: Response, now: datetime) -> tuple[Answer, Found | None]:
        cadence, hints = Cadence.model_validate(feed.schedule), hints_of(response, now)
        if response.not_modified:
            return Answer("not_modified", after_nothing_new(cadence, not_modified=True, now=now), hints), None
        if not response.ok:
            fault = fault_of_status(response.status, has_retry_after=response.retry_after_s is not None)
            result = "gone" if fault is Fault.gone else "http_error"
            return Answer(result, cadence, hints, fault, response.reason), None
        if response.body_sha256 == feed.body_sha256:
            return Answer("unchanged", after_nothing_new(cadence, not_modified=False, now=now), hints), None
        try:
            parsed = await self.parsers.run(
                parse_feed, response.body, url=response.url_final, content_type=response.content_type, now=now
            )
        except FeedError as error:
            return Answer(error.reason, cadence, hints, Fault.refused, error.detail), None
        except WorkerKilled as error:
            return Answer("parse_killed", cadence, hints, Fault.refused, str(error)), None
        plan = await self._plan(feed, parsed, now)
        result = "items" if plan.published else "nothing_new"
        left_out = ", ".join(f"{count} {flag}" for flag, count in sorted(parsed.flags.items())) or None
        since = feed.last_polled_at if plan.known_share is not None else None
        flood = is_flood(cadence, brought=len(plan.published), since=since, now=now)
        cadence = after_items(cadence, parsed, known_share=plan.known_share, flooding=flood, now=now)
        return Answer(result, cadence, hints, detail=left_out), Found(parsed, plan)

    async def _plan(self, feed: FeedRow, parsed: ParsedFeed, now: datetime) -> PollPlan:
        asked = lookup(parsed, canonical)
        seen = await self.rows.known(feed.feed_id, identities=asked.keys, links=asked.links)
        links = [item.link for item in seen]
        return plan_poll(
            parsed,
            {item.identity: Known(item.revision, item.content_hash, item.link) for item in seen},
            first_poll=feed.polls == 0 or feed.body_sha256 is None,
            canonical=canonical,
            now=now,
            key_by_link={item.link: item.identity for item in seen if links.count(item.link) == 1},
            first_poll_items=self.first_poll_items,
        )

    async def _save(
        self, feed: FeedRow, response: Response | None, answer: Answer, found: Found | None, poll_trace: str, now: datetime
    ) -> None:
        health = Health.model_validate(feed.health)
        # What could not be read is asked for in full again: a 304 would make it look well.
        read = found is not None or answer.result == "unchanged"
        moved, poll_url = self._moved(feed, response, health, now, read=read)
        bounds = bounds_of(feed.min_interval_s, allowlisted=self._allowlisted(feed.poll_url))
        health, next_at = follow_up(answer, moved, feed=feed.feed_id, bounds=bounds, now=now)
        record = PollRecord(
            poll_url=poll_url,
            title=found.parsed.title if found else None,
            language=found.parsed.language if found else None,
            etag=response.etag if response and read else feed.etag,
            last_modified=response.last_modified if response and read else feed.last_modified,
            body_sha256=response.body_sha256 if response and read else None,
            schedule=answer.cadence.model_dump(mode="json"),
            health=health.model_dump(mode="json"),
            polled_at=now,
            result=answer.result,
            detail=answer.detail,
            next_poll_at=next_at,
            stopped=health.stopped,
        )
        planned = found.plan.items if found else ()
        emitted = [self._emission(feed, found, item, poll_trace, now) for item in planned if found and item.reason]
        seen = [_seen(feed, item) for item in planned]
        await self.rows.save(feed, record, seen=seen, emitted=emitted, deadline=now + self.reconcile_after)
        for item, _ in emitted:
            self.services.metrics.count(ITEMS_FOUND, item.reason.value)

    def _emission(
        self, feed: FeedRow, found: Found, planned: PlannedItem, poll_trace: str, now: datetime
    ) -> tuple[Item, Outgoing]:
        item = item_event(planned, feed_id=feed.feed_id, feed_url=feed.url, feed=found.parsed, now=now)
        with self.services.tracing.span(Span.create, target=item.topic, link=poll_trace) as trace:
            hop = Hop(self.services.settings.source, now, traceparent=trace.traceparent, start_traceparent=trace.traceparent)
            return item, encode(item, hop)

    def _moved(
        self, feed: FeedRow, response: Response | None, health: Health, now: datetime, *, read: bool
    ) -> tuple[Health, str]:
        if response is None or not response.ok:
            return health, feed.poll_url
        target = response.url_final if response.permanent else None
        move = after_redirect(health, permanent_target=target, parsed=read, now=now)
        return move.health, move.adopt or feed.poll_url

    def _allowlisted(self, url: str) -> bool:
        try:
            address = WebAddress.parse(url)
            return self.policy.allowlist.permits(address.host, address.port)
        except ValueError:
            return False


def hints_of(response: Response, now: datetime) -> Hints:
    expires_in_s = (response.expires - now).total_seconds() if response.expires else None
    return Hints(max_age_s=response.max_age_s, expires_in_s=expires_in_s, retry_after_s=response.retry_after_s)


def _failed(feed: FeedRow, error: WebError | None) -> Answer:
    cadence = Cadence.model_validate(feed.schedule)
    if isinstance(error, HostBusy):
        return Answer("host_busy", cadence, Hints(retry_after_s=error.retry_after_s), Fault.limited)
    if isinstance(error, FetchFailed):
        fault = Fault.dns if error.reason == "dns_error" else Fault.soft
        return Answer("fetch_failed", cadence, Hints(), fault, str(error))
    outcome = error.outcome if error else None
    return Answer(outcome.value if outcome else "fetch_failed", cadence, Hints(), Fault.refused, str(error))


def _seen(feed: FeedRow, planned: PlannedItem) -> SeenItem:
    item = ids.item_id(feed.feed_id, planned.key)
    return SeenItem(item, planned.key, planned.link, planned.content_hash, planned.revision, planned.item.published_at)
