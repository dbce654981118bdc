"""A revision closes once, whatever comes first, and says exactly what changed."""

import asyncio
from itertools import permutations

import pytest

from integration.store.ledger_book import Book
from integration.store.newsroom import BRIDGE, TAXES, article, article_text, delivered, item_id, revision, statement, statements
from onrecord.contracts import Article, Kind, Lane, RetractionReason, Statement, Validators, ids, topics
from onrecord.runtime import outbox
from onrecord.store.adapters.desk import Desk

pytestmark = pytest.mark.database
MOVED = "The old bridge will open again in June."


async def take(desk: Desk, *events: Article | Statement, trace: int = 1) -> None:
    for event in events:
        if isinstance(event, Article):
            await desk.take_articles([delivered(event, trace=trace)])
        else:
            await desk.take_statements([delivered(event, trace=trace)])


async def publish(desk: Desk, story: Article, *texts: str, trace: int = 1) -> None:
    await take(desk, story, *statements(story, *texts), trace=trace)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
async def test_completes_in_any_order(desk: Desk, book: Book, order: tuple[int, ...]) -> None:
    story = article(BRIDGE, TAXES, validators=Validators(etag='"1"'))
    parts = [story, *statements(story, BRIDGE, TAXES)]
    for place in order[:2]:
        await take(desk, parts[place])
    assert await book.sent() == []
    assert await book.texts() == set()
    await take(desk, parts[order[2]])
    assert await book.texts() == {BRIDGE, TAXES}
    assert set(await book.latest()) == {str(key) for key in story.statement_ids}
    assert {event.article.version for event in (await book.latest()).values()} == {1}
    [ended] = await book.outcomes()
    assert (ended.outcome, ended.statements, ended.item_id) == ("stored", 2, item_id())
    assert ended.validators == Validators(etag='"1"')
    assert await book.pool.fetchval("SELECT count(*) FROM statement_arrivals") == 0


async def test_latest_is_keyed_by_statement(desk: Desk, book: Book) -> None:
    story = article(BRIDGE)
    await publish(desk, story, BRIDGE)
    [record] = [record for record in await book.sent() if record.topic == topics.STATEMENT_LATEST.name]
    assert record.key == str(story.statement_ids[0]).encode()
    assert dict(record.headers)["ce_partitionkey"] == record.key


async def test_article_without_statements_is_stored_at_once(desk: Desk, book: Book) -> None:
    await take(desk, article(unsupported_language=True, language="fi", text="Silta avataan.", lane=Lane.backfill))
    [ended] = await book.outcomes()
    assert (ended.outcome, ended.statements, ended.reason, ended.lane) == ("stored", 0, "unsupported_language", "backfill")


async def test_redelivery_changes_no_row(desk: Desk, book: Book) -> None:
    first, second = article(BRIDGE, TAXES), article(BRIDGE, at=revision(10), item_revision=2)
    await publish(desk, first, BRIDGE, TAXES)
    await publish(desk, second, BRIDGE)
    before = await book.everything()
    for story, texts in ((first, (BRIDGE, TAXES)), (second, (BRIDGE,)), (first, (BRIDGE, TAXES))):
        await publish(desk, story, *texts)
        await desk.take_statements([delivered(event) for event in statements(story, *texts)] * 2)
        await desk.take_articles([delivered(story)] * 2)
    assert await book.everything() == before


async def test_redelivery_of_an_incomplete_revision_changes_no_row(desk: Desk, book: Book) -> None:
    story = article(BRIDGE, TAXES)
    await publish(desk, story, BRIDGE)
    before = await book.everything()
    await publish(desk, story, BRIDGE)
    assert await book.everything() == before


async def test_older_revision_is_superseded_and_overwrites_nothing(desk: Desk, book: Book) -> None:
    newer, older = article(BRIDGE, at=revision(10), item_revision=2), article(BRIDGE, TAXES)
    await publish(desk, newer, BRIDGE)
    await publish(desk, older, BRIDGE, TAXES)
    assert await book.kinds() == ["stored", "superseded"]
    assert await book.texts() == {BRIDGE}
    assert (await book.article())["text"] == article_text(BRIDGE)
    assert await book.latest_count() == 1


async def test_an_older_engine_never_overwrites_a_newer_extraction(desk: Desk, book: Book) -> None:
    await publish(desk, article(BRIDGE, at=revision(engine=3)), BRIDGE)
    await publish(desk, article(BRIDGE, TAXES, at=revision(engine=2), item_revision=2), BRIDGE, TAXES)
    assert await book.kinds() == ["stored", "superseded"]
    assert await book.texts() == {BRIDGE}


async def test_incomplete_older_revision_ends_when_the_newer_one_closes(desk: Desk, book: Book) -> None:
    older, newer = article(BRIDGE, TAXES), article(BRIDGE, at=revision(10), item="other")
    await publish(desk, older, TAXES, trace=7)
    await publish(desk, newer, BRIDGE, trace=8)
    ends = {ended.item_id: ended.outcome for ended in await book.outcomes()}
    assert ends == {item_id(): "superseded", item_id("other"): "stored"}
    traces = [dict(record.headers)["traceparent"] for record in await book.sent() if record.topic == topics.OUTCOME.name]
    assert [int(trace[3:35], 16) for trace in traces] == [8, 7]
    assert await book.pool.fetchval("SELECT count(*) FROM statement_arrivals") == 0


async def test_vanished_statement_is_retracted(desk: Desk, book: Book) -> None:
    first, second = article(BRIDGE, TAXES), article(BRIDGE, at=revision(10), item_revision=2)
    await publish(desk, first, BRIDGE, TAXES)
    await publish(desk, second, BRIDGE)
    [gone] = await book.retracted()
    assert (gone.statement_id, gone.reason, gone.replaced_by) == (first.statement_ids[1], RetractionReason.vanished, None)
    assert gone.revision == second.revision
    latest = await book.latest()
    assert latest[str(first.statement_ids[1])] is None
    assert latest[str(first.statement_ids[0])].article.version == 2
    assert await book.kinds() == ["stored", "stored"]


async def test_moved_boundary_is_a_correction(desk: Desk, book: Book) -> None:
    first, second = article(BRIDGE, TAXES), article(MOVED, TAXES, at=revision(10), item_revision=2)
    await publish(desk, first, BRIDGE, TAXES)
    await publish(desk, second, MOVED, TAXES)
    [new] = await book.corrected()
    [old] = await book.retracted()
    assert (new.statement_id, new.replaces) == (second.statement_ids[0], (first.statement_ids[0],))
    assert (old.statement_id, old.reason, old.replaced_by) == (
        first.statement_ids[0],
        RetractionReason.replaced,
        new.statement_id,
    )
    assert (await book.latest())[str(new.statement_id)] == new
    assert await book.texts() == {MOVED, TAXES}


async def test_an_overlap_of_another_kind_is_no_correction(desk: Desk, book: Book) -> None:
    first, second = article(BRIDGE), article(MOVED, at=revision(10), item_revision=2)
    await publish(desk, first, BRIDGE)
    await take(desk, second, statement(second, MOVED, kind=Kind.indirect))
    assert await book.corrected() == []
    assert [gone.reason for gone in await book.retracted()] == [RetractionReason.vanished]


async def test_a_retracted_statement_may_come_back(desk: Desk, book: Book) -> None:
    for number, texts in enumerate(((BRIDGE, TAXES), (TAXES,), (BRIDGE, TAXES)), start=1):
        await publish(desk, article(*texts, at=revision(number), item_revision=number), *texts)
    assert await book.texts() == {BRIDGE, TAXES}
    assert None not in (await book.latest()).values()
    assert (await book.article())["version"] == 3


async def test_same_text_from_another_item_is_a_duplicate(desk: Desk, book: Book) -> None:
    await publish(desk, article(BRIDGE), BRIDGE)
    await publish(desk, article(BRIDGE, at=revision(5), item="other-feed"), BRIDGE)
    await publish(desk, article(BRIDGE, at=revision(9), item_revision=2), BRIDGE)
    await publish(desk, article(BRIDGE, at=revision(12), item="other-feed", item_revision=2), BRIDGE)
    assert await book.kinds() == ["stored", "duplicate", "unchanged", "unchanged"]
    assert await book.latest_count() == 1
    row = await book.article()
    assert (row["version"], row["fetched_at"]) == (1, revision(12).fetched_at)


async def test_same_fetch_by_two_items_is_a_duplicate(desk: Desk, book: Book) -> None:
    await publish(desk, article(BRIDGE), BRIDGE)
    await take(desk, article(BRIDGE, item="other-feed"))
    assert await book.kinds() == ["stored", "duplicate"]


async def test_two_items_waiting_for_one_revision_both_end(desk: Desk, book: Book) -> None:
    mine, theirs = article(BRIDGE), article(BRIDGE, item="other-feed")
    await take(desk, mine, theirs, *statements(mine, BRIDGE))
    assert sorted(await book.kinds()) == ["duplicate", "stored"]


async def test_a_newer_engine_that_only_names_another_speaker_updates_latest(desk: Desk, book: Book) -> None:
    await publish(desk, article(BRIDGE, TAXES), BRIDGE, TAXES)
    again = article(BRIDGE, TAXES, at=revision(engine=2), item_revision=2)
    await take(desk, again, statement(again, BRIDGE), statement(again, TAXES, speaker="Bo Chen"))
    assert await book.kinds() == ["stored", "unchanged"]
    assert await book.latest_count() == 3
    assert (await book.latest())[str(again.statement_ids[1])].speaker.name == "Bo Chen"


async def test_two_connections_completing_one_revision_close_it_once(desk: Desk, book: Book) -> None:
    for number in range(20):
        story = article(BRIDGE, TAXES, url=f"https://gazette.example/{number}", item=f"item {number}")
        first, last = statements(story, BRIDGE, TAXES)
        await take(desk, story)
        await asyncio.gather(desk.take_statements([delivered(first)]), desk.take_statements([delivered(last)]))
    assert await book.kinds() == ["stored"] * 20
    assert await book.latest_count() == 40


async def test_article_and_statement_racing_close_it_once(desk: Desk, book: Book) -> None:
    for number in range(20):
        story = article(BRIDGE, url=f"https://gazette.example/{number}", item=f"item {number}")
        await asyncio.gather(desk.take_articles([delivered(story)]), desk.take_statements([delivered(statement(story, BRIDGE))]))
    assert await book.kinds() == ["stored"] * 20


async def test_what_was_taken_down_stays_down(desk: Desk, book: Book) -> None:
    story = article(BRIDGE, TAXES)
    await book.pool.execute("INSERT INTO tombstones VALUES ('statement', $1, now())", str(story.statement_ids[0]))
    await publish(desk, story, BRIDGE, TAXES)
    assert await book.texts() == {TAXES}
    assert set(await book.latest()) == {str(story.statement_ids[1])}
    await book.pool.execute("INSERT INTO tombstones VALUES ('domain', 'example', now())")
    other = article(BRIDGE, url="https://news.gazette.example/2", item="2")
    await take(desk, *statements(other, BRIDGE), other)
    assert await book.kinds() == ["stored", "taken_down"]
    assert await book.pool.fetchval("SELECT count(*) FROM articles") == 1
    assert await book.pool.fetchval("SELECT count(*) FROM statement_arrivals") == 0
    assert ids.article_id(other.url) not in {
        row["article_id"] for row in await book.pool.fetch("SELECT article_id FROM statements")
    }


async def test_only_what_changed_something_is_told_after_it_is_stored(book: Book) -> None:
    told: list[tuple[object, object]] = []
    desk = Desk(book.pool, outbox.add, on_stored=lambda story, now: told.append((story.provenance.item_id, now)))
    await publish(desk, article(BRIDGE), BRIDGE)
    await publish(desk, article(BRIDGE, at=revision(5), item="other-feed"), BRIDGE)
    assert told == [(item_id(), delivered(article(BRIDGE)).now)]


async def test_nothing_is_left_of_a_transaction_whose_outbox_fails(book: Book) -> None:
    async def full(connection: object, records: object) -> None:
        raise OSError("disk full")

    desk = Desk(book.pool, full)
    story = article(BRIDGE)
    await take(desk, story)
    before = await book.everything()
    with pytest.raises(OSError, match="disk full"):
        await take(desk, *statements(story, BRIDGE))
    assert await book.everything() == before
