"""What the project's own client makes of every link agrees with the end that the newspapers expect."""

import asyncio
from datetime import UTC, datetime

from newspapers import Expected, Newspapers

from onrecord.web import Allowlist, Limits, UrlPolicy, UserAgent, WebClient, WebError

NOON = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)
# Only the slow page uses it up; a loaded machine serves any other page in a fraction.
DEADLINE_S = 3.0
DECIDED_LATER = {"no_text", "not_article", "not_html", "robots_disallowed"}


async def never(seconds: float) -> None:
    await asyncio.Event().wait()


async def end_of(client: WebClient, end: Expected) -> tuple[str, str | None]:
    """The outcome word and reason that fetching alone gives; `stored` for any page that arrives."""
    try:
        for _ in range(end.failures + 1):
            response = await client.get(end.link, follow_hosts=True)
    except WebError as error:
        return error.outcome.value if error.outcome else "deferred", error.reason
    if response.status in (404, 410):
        return "gone", response.reason
    return ("stored", None) if response.ok else ("fetch_failed", response.reason)


async def test_every_link_ends_as_expected_where_fetching_decides() -> None:
    papers = Newspapers(1, lambda: NOON, never)
    await papers.start()
    papers.advance(3)
    allowed = Allowlist.parse(papers.allowed)
    agent = UserAgent("1", "https://example.org/contact")
    async with WebClient(agent, policy=UrlPolicy(allowlist=allowed), limits=Limits(total_s=DEADLINE_S)) as client:
        for end in papers.expected():
            outcome, reason = await end_of(client, end)
            if end.outcome in DECIDED_LATER:
                assert outcome == "stored", end
            else:
                assert outcome == end.outcome, end
            if outcome == "fetch_failed" or outcome == "gone":
                assert reason == end.reason, end
    await papers.stop()
