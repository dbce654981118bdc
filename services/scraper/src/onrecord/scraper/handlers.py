"""One item to one page, or to the outcome that says why not."""

import asyncio
from dataclasses import dataclass
from time import perf_counter

from onrecord.contracts import MAX_WIRE_BYTES, Item, ItemReason, OutcomeKind, RedirectHop, compress_body
from onrecord.runtime.catalogue import FETCH_DURATION, FETCHES, Attribute, Span
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.tracing import Tracing
from onrecord.runtime.verdict import Drop, Emit, Retry, Verdict
from onrecord.scraper.domain.feed_page import page_from_feed
from onrecord.scraper.domain.page import is_html, page_of
from onrecord.web import (
    FetchFailed,
    HostBusy,
    Politeness,
    Redirected,
    Response,
    RobotsDisallowed,
    WebAddress,
    WebClient,
    WebError,
)
from onrecord.web import Robots as SiteRobots

GONE = frozenset({404, 410, 451})
REFUSED = frozenset({401, 402, 403})
MAX_REASON_CHARS = 100  # the site chooses this text
BUSY_DEFER_S = 60.0  # the shortest tier: the host has its backlog worked off by then or is deferred again
TRY_AGAIN_S = (60.0, 600.0, 7200.0)  # by attempt, one tier after the other
ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Scraper:
    client: WebClient
    robots: SiteRobots
    politeness: Politeness
    tracing: Tracing
    metrics: Metrics
    host_wait_s: float

    async def __call__(self, delivery: Delivery[Item]) -> Verdict:
        item = delivery.event
        if delivery.waited_s > self.host_wait_s:
            return Retry(BUSY_DEFER_S, "host_busy", counted=False)
        try:
            address = WebAddress.parse(item.link)
            rules = await self.robots.check(address)
            async with self.politeness.turn(address.host_port, delay_s=rules.crawl_delay_s):
                answer = await self._get(delivery, address)
        except HostBusy as busy:
            return Retry(max(busy.retry_after_s, BUSY_DEFER_S), busy.reason, counted=False)
        except RobotsDisallowed:
            return self._without_page(delivery, Drop(OutcomeKind.robots_disallowed))
        except WebError as error:
            return self._failed(delivery, error)
        if isinstance(answer, Redirected):
            return Emit((redirected(item, answer),))
        return await self._answered(delivery, address, answer)

    async def _get(self, delivery: Delivery[Item], address: WebAddress) -> Response | Redirected:
        item = delivery.event
        with self.tracing.span(
            Span.fetch,
            parent=delivery.trace.traceparent,
            attributes={
                Attribute.http_method: "GET",
                Attribute.server_address: address.host,
                Attribute.server_port: address.port,
                Attribute.url_full: address.origin + address.path,
            },
        ) as span:
            validators = item.validators if item.reason is ItemReason.refetch else None
            redirects = item.hop.redirects if item.hop else 0
            started = perf_counter()
            try:
                answer = await self.client.get(address, accept=ACCEPT, validators=validators, redirects=redirects)
            except WebError as error:
                self.metrics.measure(FETCH_DURATION, perf_counter() - started, error.reason)
                raise
            status = f"{answer.status // 100}xx"
            self.metrics.measure(FETCH_DURATION, perf_counter() - started, status)
            span.note({Attribute.http_status: answer.status})
            if answer.status >= 400:
                span.fail(str(answer.status))
            self.metrics.count(FETCHES, status)
            return answer

    async def _answered(self, delivery: Delivery[Item], address: WebAddress, response: Response) -> Verdict:
        item = delivery.event
        if response.not_modified:
            return Drop(OutcomeKind.unchanged, "http_304", item.validators)
        if response.retryable:
            if response.retry_after_s:
                self.politeness.hold(address.host_port, min(response.retry_after_s, self.host_wait_s))
            return self._again(delivery, response.reason or "http_error", response.retry_after_s)
        if response.status in GONE:
            return Drop(OutcomeKind.gone, response.reason)
        if response.status in REFUSED:
            return self._without_page(delivery, Drop(OutcomeKind.fetch_failed, response.reason))
        if not response.ok:
            return Drop(OutcomeKind.fetch_failed, response.reason)
        if not is_html(response.content_type, response.body):
            return Drop(OutcomeKind.not_html, (response.content_type or "no content type")[:MAX_REASON_CHARS])
        body = await asyncio.to_thread(compress_body, response.body)
        if len(body) > MAX_WIRE_BYTES:
            return Drop(OutcomeKind.body_too_large, "compressed page over 2 MiB")
        return Emit((page_of(item, response, body),))

    def _failed(self, delivery: Delivery[Item], error: WebError) -> Verdict:
        self.metrics.count(FETCHES, error.reason)
        if isinstance(error, FetchFailed) and error.retryable:
            return self._again(delivery, error.reason, None)
        return Drop(error.outcome or OutcomeKind.fetch_failed, error.reason)

    def _again(self, delivery: Delivery[Item], reason: str, retry_after_s: float | None) -> Verdict:
        step = TRY_AGAIN_S[min(delivery.attempt, len(TRY_AGAIN_S)) - 1]
        return Retry(max(step, retry_after_s or 0.0), reason)

    def _without_page(self, delivery: Delivery[Item], otherwise: Drop) -> Verdict:
        page = page_from_feed(delivery.event, delivery.now)
        return Emit((page,)) if page else otherwise


def redirected(item: Item, answer: Redirected) -> Item:
    """The same life under another host's key."""
    requested = item.hop.url_requested if item.hop else item.link
    return item.model_copy(
        update={
            "link": str(answer.location),
            "link_host": answer.location.host_port,
            "reason": ItemReason.redirect,
            "hop": RedirectHop(url_requested=requested, redirects=answer.redirects),
        }
    )
