"""The demo newspapers through all four services: every link ends as it must, and every event proves itself."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from operator import itemgetter
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from e2e.collector import Seen
from e2e.demo_story import BURIED, LATEST, POISON, SCRAPER_DEAD, STORE_DEAD, Story, told
from e2e.subscriber import Record, body, headers, selectors
from onrecord.contracts import OutcomeKind, topics

pytestmark = [pytest.mark.e2e, pytest.mark.kafka, pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")]

RETRY = re.compile(r"\.scraper\.retry\..*")
FROM_FEED = "/subscribers/full"  # its page is closed to robots, and came with the feed
# (service, span, its parent's name) that every stored item's trace has, at the least.
STORED_LIFE = Counter(
    [
        ("feed", "create onrecord.item.v1", ""),
        ("feed", "send onrecord.item.v1", "create onrecord.item.v1"),
        ("store", "process onrecord.item.v1", "send onrecord.item.v1"),
        ("scraper", "process onrecord.item.v1", "send onrecord.item.v1"),
        ("scraper", "send onrecord.page.v1", "process onrecord.item.v1"),
        ("extractor", "process onrecord.page.v1", "send onrecord.page.v1"),
        ("extractor", "extract", "process onrecord.page.v1"),
        ("extractor", "statements", "process onrecord.page.v1"),
        ("extractor", "send onrecord.article.v1", "process onrecord.page.v1"),
        ("store", "process onrecord.article.v1", "send onrecord.article.v1"),
        ("store", "process onrecord.outcome.v1", "send onrecord.outcome.v1"),
        ("feed", "process onrecord.outcome.v1", "send onrecord.outcome.v1"),
    ]
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(apache_kafka: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    async with told(tmp_path_factory.mktemp("demo")) as story:
        yield story


async def test_every_link_ends_as_it_must(story: Story) -> None:
    wrong = {
        (end.link, number): row and (row["outcome"], row["outcome_reason"])
        for end, number, row in story.ends()
        if row is None or row["outcome"] not in (end.outcome, *end.also)
    }
    assert wrong == {}
    assert len(story.ledger) == len(story.ends()), "the ledger holds these items and no other"


async def test_ends_that_are_no_articles_say_why(story: Story) -> None:
    wanted = [(end, row) for end, _, row in story.ends() if end.reason and end.outcome != "stored" and row]
    assert {end.link: row["outcome_reason"] for end, row in wanted} == {end.link: end.reason for end, _ in wanted}
    assert len(wanted) >= 6


async def test_an_item_revision_ends_once(story: Story) -> None:
    """Nothing was killed, so nothing came twice; the ledger's outcome is the one on the topic."""
    published = Counter((o["item_id"], o["item_revision"]) for o in story.outcomes() if "outcome" in o)
    kinds = {(o["item_id"], o["item_revision"]): o["outcome"] for o in story.outcomes() if "outcome" in o}
    assert {key: count for key, count in published.items() if count > 1} == {}
    effective = {(str(row["item_id"]), row["item_revision"]): row["outcome"] for row in story.ledger.values()}
    assert kinds == effective


async def test_what_came_in_is_what_ended(story: Story) -> None:
    summary = story.summary
    assert summary["items_in"] == sum(summary["outcomes"].values()) + summary["in_flight"]
    assert summary["items_in"] == len(story.ends()) + 1, "and the item of a poisoned record"
    assert summary["in_flight"] == 0
    assert summary["outcomes"]["dead_letter"] == 1


async def test_a_busy_page_is_tried_again(story: Story) -> None:
    deferrals = Counter(o["item_id"] for o in story.outcomes() if o.get("reason") == "http_503" and "until" in o)
    busy = [(end, row) for end, _, row in story.ends() if end.failures and row]
    assert len(busy) == 2
    for end, row in busy:
        assert deferrals[str(row["item_id"])] == end.failures
        assert [asked.status for asked in story.papers.asked if asked.url == end.link] == [503] * end.failures + [200]


async def test_a_page_that_robots_close_comes_from_the_feed(story: Story) -> None:
    link = next(end.link for end in story.expected if end.link.endswith(FROM_FEED))
    found = await story.world.store.fetchval("SELECT provenance->>'from_feed' FROM articles WHERE url = $1", link)
    assert found == "true"
    assert link not in {asked.url for asked in story.papers.asked}


async def test_polls_say_what_a_feed_is(story: Story) -> None:
    rows = await story.world.feed.fetch("SELECT url, last_result, health::text AS health FROM feeds")
    results = {row["url"]: row["last_result"] for row in rows}
    polls = {"broken": {"broken_feed", "not_a_feed"}, "not_a_feed": {"not_a_feed"}}
    good = {"items", "nothing_new", "unchanged", "not_modified"}
    wrong = {feed.url: results[feed.url] for feed in story.papers.feeds() if results[feed.url] not in polls.get(feed.poll, good)}
    assert wrong == {}
    assert sum(feed.poll != "ok" for feed in story.papers.feeds()) == 2


async def test_an_edited_article_is_corrected_retracted_and_added_to(story: Story) -> None:
    store, link = story.world.store, story.papers.edited_link
    article = await store.fetchrow("SELECT article_id, version FROM articles WHERE url = $1", link)
    assert article is not None
    assert article["version"] == 2
    events = [record for record in story.records[topics.STATEMENT.name] if record.key == str(article["article_id"]).encode()]
    reasons = {body(r)["statement_id"]: body(r)["reason"] for r in events if kind(r) == "retracted"}
    assert sorted(reasons.values()) == ["replaced", "vanished"]
    (corrected,) = (body(r) for r in events if kind(r) == "corrected")
    (old,) = (key for key, reason in reasons.items() if reason == "replaced")
    assert corrected["replaces"] == [old]
    active = await store.fetch(
        "SELECT statement_id::text AS id FROM statements WHERE article_id = $1 AND active", article["article_id"]
    )
    now = {row["id"] for row in active}
    before = set(story.first_edition)
    assert before - now == set(reasons)
    assert len(now - before - {corrected["statement_id"]}) == 1, "one was added"
    assert corrected["statement_id"] in now


async def test_latest_is_what_the_store_has(story: Story) -> None:
    compacted: dict[bytes, Record] = {record.key: record for record in story.records[LATEST.name]}
    latest = {key.decode(): body(record) for key, record in compacted.items() if record.value is not None}
    rows = await story.world.store.fetch("SELECT statement_id::text AS id, event::text AS event FROM statements WHERE active")
    assert latest == {row["id"]: json.loads(row["event"]) for row in rows}
    assert len(latest) > 200
    assert any(record.value is None for record in compacted.values()), "the retracted ones are gone"


async def test_every_span_proves_itself(story: Story) -> None:
    """EVENTS, 4: field[start:end] == exact, in code points, checked by a reader that knows nothing but the records."""
    articles = {revision(body(record)): body(record) for record in story.records[topics.ARTICLE.name]}
    checked = 0
    for record in [*story.records[topics.STATEMENT.name], *(r for r in story.records[LATEST.name] if r.value is not None)]:
        statement = body(record)
        if "content" not in statement:
            continue
        article = articles[revision(statement)]
        assert statement["article"]["text_sha256"] == article["text_sha256"]
        for selector in selectors(statement):
            source = article[selector.get("field", "text")]
            assert source[selector["start"] : selector["end"]] == selector["exact"], statement["statement_id"]
            checked += 1
    assert checked > 1000


def kind(record: Record) -> str:
    """extracted, corrected or retracted."""
    return headers(record)["ce_type"].removeprefix("org.onrecord.statement.").removesuffix(".v1")


def revision(event: dict[str, Any]) -> tuple[str, str, int]:
    article = event.get("article", event)
    return article["article_id"], event["revision"]["fetched_at"], event["revision"]["engine_release"]


async def test_manifests_are_complete(story: Story) -> None:
    extracted = defaultdict(set)
    for record in story.records[topics.STATEMENT.name]:
        if kind(record) == "extracted":
            extracted[revision(body(record))].add(body(record)["statement_id"])
    manifests = {revision(body(r)): set(body(r)["statement_ids"]) for r in story.records[topics.ARTICLE.name]}
    assert {key: ids for key, ids in manifests.items() if ids} == extracted


@pytest.mark.parametrize("topic", [SCRAPER_DEAD, STORE_DEAD])
async def test_a_poisoned_record_is_one_dead_letter(story: Story, topic: str) -> None:
    letters = story.records[topic]
    assert Counter(headers(letter)["dlq_reason"] for letter in letters) == Counter(list(POISON))
    for letter in letters:
        value, kept = POISON[headers(letter)["dlq_reason"]]
        assert letter.value == value
        assert {name: headers(letter)[name].encode() for name in kept} == kept
        assert headers(letter)["dlq_topic"] == topics.ITEM.name


async def test_what_follows_a_poisoned_record_goes_on(story: Story) -> None:
    """The newspaper whose key the poison has published once more after it."""
    feed = story.papers.feeds()[2].url
    newest = max((row for row in story.ledger.values() if row["feed_url"] == feed), key=itemgetter("discovered_at"))
    place = next(r for r in story.records[topics.ITEM.name] if headers(r).get("item_id") == str(newest["item_id"]))
    letters = story.records[SCRAPER_DEAD]
    assert {place.partition} == {int(headers(letter)["dlq_partition"]) for letter in letters}
    assert place.offset > max(int(headers(letter)["dlq_offset"]) for letter in letters)
    assert newest["outcome"] == OutcomeKind.stored


async def test_a_buried_item_ends_once_all_the_same(story: Story) -> None:
    """Two services could not read it and both said so; one of the two counts, the other is kept beside it."""
    (row,) = await story.world.store.fetch("SELECT * FROM ledger WHERE item_id = $1", UUID(BURIED))
    assert (row["outcome"], row["outcome_reason"]) == ("dead_letter", "malformed_event")
    beside = await story.world.store.fetch("SELECT service FROM ledger_audit WHERE item_id = $1", UUID(BURIED))
    assert {row["service"], *(found["service"] for found in beside)} == {"scraper", "store"}


async def test_a_stored_item_is_one_trace(story: Story) -> None:
    """EVENTS, 6: from `create` to the row and the outcome, every span joined to its cause."""
    traces = story.collector.by_trace()
    polls = {(span.trace, span.span) for span in story.collector.spans if span.name == "poll feed"}
    stored = [row for end, _, row in story.ends() if row and row["outcome"] == "stored" and end.outcome == "stored"]
    assert len(stored) > 40
    for row in stored:
        life = tree(traces[await trace_of(story, row)])
        assert life[("feed", "create onrecord.item.v1", "")] == 1
        assert STORED_LIFE - life == Counter(), row["link"]
        assert life[("scraper", "GET", "process onrecord.item.v1")] or row["link"].endswith(FROM_FEED)
        said = row["statements"]
        assert life[("extractor", "send onrecord.statement.v1", "process onrecord.page.v1")] == said
        assert life[("store", "process onrecord.statement.v1", "send onrecord.statement.v1")] >= said
        (root,) = (span for span in traces[await trace_of(story, row)] if not span.parent)
        assert set(root.links) <= polls
        assert len(root.links) == 1


async def test_every_trace_has_one_root(story: Story) -> None:
    """An item's life or a poll; what came without a context, like the poisoned records, begins its own."""
    roots = {trace: [span.name for span in spans if not span.parent] for trace, spans in story.collector.by_trace().items()}
    assert {trace: names for trace, names in roots.items() if len(names) != 1} == {}
    kinds = Counter(names[0] for names in roots.values())
    assert kinds["create onrecord.item.v1"] == len(story.ends())
    assert kinds.keys() == {"create onrecord.item.v1", "poll feed", "process onrecord.item.v1"}
    assert kinds["process onrecord.item.v1"] == 2 * len(POISON)


async def trace_of(story: Story, row: asyncpg.Record) -> str:
    """As `why` shows it: every record of one item revision that the store saw is of one trace."""
    hops = await story.world.store.fetch(
        "SELECT DISTINCT trace_id FROM hops WHERE item_id = $1 AND item_revision = $2", row["item_id"], row["item_revision"]
    )
    (hop,) = hops
    return str(hop["trace_id"])


def tree(spans: Iterable[Seen]) -> Counter[tuple[str, str, str]]:
    """(service, span, name of its parent) of one trace; a parent that is not in it is a KeyError. A retry counts as its topic."""
    by_id = {span.span: span for span in spans}
    names = {key: RETRY.sub("", span.name) for key, span in by_id.items()} | {"": ""}
    return Counter((span.service, names[key], names[span.parent]) for key, span in by_id.items())
