"""What an outlet has published, what must become of it, and the documents it answers with."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from aiohttp import web

from newspapers.content import Report

Clock = Callable[[], datetime]

# Old enough to give every story a time of its own, young enough that all are inside a reader's first 48 hours.
BACKLOG_SPACING = timedelta(minutes=20)


@dataclass(frozen=True)
class Story:
    """A report in one outlet, at the outlet's own path and time."""

    report: Report
    path: str
    published_at: datetime
    updated_at: datetime

    def revised(self, report: Report, at: datetime) -> "Story":
        return replace(self, report=report, updated_at=at)


@dataclass(frozen=True)
class Feed:
    """`poll` is what polling it must find: `ok`, `broken` (nothing readable) or `not_a_feed`."""

    url: str
    outlet: str
    form: str
    poll: str = "ok"


@dataclass(frozen=True)
class Expected:
    """How one published link must end in the ledger, in the outcome words of the event contract.

    `also` names ends that are right too, where the order of fetches or a better reader decides. `failures` is the number of
    answers that must be retried first, `revisions` how often the feed shows the item (1, or 2 after an edit).
    """

    link: str
    outcome: str
    reason: str | None = None
    also: tuple[str, ...] = ()
    failures: int = 0
    revisions: int = 1


@dataclass(frozen=True)
class Document:
    body: bytes
    content_type: str
    modified: datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def backlog(reports: list[Report], directory: str, opened_at: datetime) -> list[Story]:
    """Stories already out when the paper opens, the first of `reports` being the newest."""
    times = [opened_at - BACKLOG_SPACING * (place + 1) for place in range(len(reports))]
    return [Story(report, f"{directory}/{report.key}", at, at) for report, at in zip(reports, times, strict=True)]


def whole_second(clock: Clock) -> datetime:
    """HTTP dates know no fractions; a story's time must survive the trip."""
    return clock().astimezone(UTC).replace(microsecond=0)


def not_modified(request: web.Request, document: Document) -> bool:
    """RFC 9110, 13.2.2: If-None-Match decides alone where it is sent; If-Modified-Since only without it."""
    if (tags := request.headers.get("If-None-Match")) is not None:
        known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return document.etag in known or "*" in known
    if (since := request.headers.get("If-Modified-Since")) is None:
        return False
    try:
        return document.modified <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def answer(request: web.Request, document: Document) -> web.Response:
    headers = {
        "ETag": document.etag,
        "Last-Modified": format_datetime(document.modified, usegmt=True),
        "Cache-Control": "max-age=0",
    }
    if not_modified(request, document):
        return web.Response(status=304, headers=headers)
    return web.Response(body=document.body, headers=headers | {"Content-Type": document.content_type})
