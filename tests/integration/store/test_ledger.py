"""One effective outcome per item revision, whatever order records come in."""

from datetime import timedelta
from itertools import permutations

import pytest

from integration.store.ledger_book import Book
from integration.store.newsroom import START, delivered, item, item_id, outcome
from onrecord.contracts import Deferred, Item, Lane, Outcome, OutcomeKind
from onrecord.runtime.verdict import DeadLetter, Done
from onrecord.store.adapters.ledger import Ledger
from onrecord.store.adapters.postgres import UNSTORABLE
from onrecord.store.handlers import stored_by

pytestmark = pytest.mark.database


async def take(ledger: Ledger, *events: Item | Outcome | Deferred, trace: int = 1) -> None:
    for event in events:
        if isinstance(event, Item):
            await ledger.take_items([delivered(event, trace=trace)])
        else:
            await ledger.take_ends([delivered(event, trace=trace)])


async def effective(book: Book) -> list[tuple[str, str]]:
    rows = await book.pool.fetch("SELECT outcome, service FROM ledger ORDER BY item_id, item_revision")
    return [(row["outcome"], row["service"]) for row in rows]


async def audit(book: Book) -> set[tuple[str, str]]:
    return {(row["outcome"], row["effective_outcome"]) for row in await book.pool.fetch("SELECT * FROM ledger_audit")}


ENDS = (
    outcome(OutcomeKind.unaccounted, service="feed"),
    outcome(OutcomeKind.dead_letter, service="extractor"),
    outcome(OutcomeKind.fetch_failed, service="scraper"),
    outcome(OutcomeKind.stored),
)


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
async def test_the_strongest_end_counts_in_any_order(ledger: Ledger, book: Book, order: tuple[int, ...]) -> None:
    await take(ledger, *(ENDS[place] for place in order))
    assert await effective(book) == [("stored", "store")]
    assert {outcome for outcome, _ in await audit(book)} == {"unaccounted", "dead_letter", "fetch_failed"}


async def test_of_equals_the_first_counts(ledger: Ledger, book: Book) -> None:
    await take(ledger, outcome(OutcomeKind.duplicate), outcome(OutcomeKind.unchanged))
    assert await effective(book) == [("duplicate", "store")]
    assert await audit(book) == {("unchanged", "duplicate")}


async def test_an_outcome_may_come_before_its_item(ledger: Ledger, book: Book) -> None:
    await take(ledger, outcome(OutcomeKind.gone, service="scraper"), item())
    row = await book.pool.fetchrow("SELECT * FROM ledger")
    assert row is not None
    assert (row["outcome"], row["link"], row["discovered_at"]) == ("gone", item().link, START)


async def test_redelivery_changes_no_row(ledger: Ledger, book: Book) -> None:
    records = (item(), *ENDS, deferral(10), item(number=2), outcome(OutcomeKind.unchanged, number=2))
    await take(ledger, *records)
    before = await book.everything()
    await take(ledger, *records)
    await take(ledger, *reversed(records))
    assert await book.everything() == before


def deferral(minutes: int) -> Deferred:
    return Deferred(
        item_id=item_id(),
        item_revision=1,
        service="scraper",
        reason="status_503",
        attempt=1,
        deferred_at=START,
        until=START + timedelta(minutes=minutes),
        lane=Lane.live,
    )


async def test_a_deferral_is_no_end_and_never_moves_back(ledger: Ledger, book: Book) -> None:
    await take(ledger, item(), deferral(10), deferral(1))
    row = await book.pool.fetchrow("SELECT outcome, deferred_until FROM ledger")
    assert row is not None
    assert (row["outcome"], row["deferred_until"]) == (None, START + timedelta(minutes=10))


async def test_an_item_sent_again_is_one_entry_with_two_hops(ledger: Ledger, book: Book) -> None:
    await take(ledger, item(), trace=1)
    await take(ledger, item(), trace=2)
    assert await book.pool.fetchval("SELECT count(*) FROM ledger") == 1
    assert await book.pool.fetchval("SELECT count(*) FROM hops") == 2


async def test_a_text_that_no_database_holds_is_a_dead_letter_and_spares_its_neighbours(ledger: Ledger, book: Book) -> None:
    handle = stored_by(ledger.take_items, UNSTORABLE)
    poison = item("poison").model_copy(update={"title": "nul\x00"})
    verdicts = await handle([delivered(item("a")), delivered(poison), delivered(item("b"))])
    assert [type(verdict) for verdict in verdicts] == [Done, DeadLetter, Done]
    assert await book.pool.fetchval("SELECT count(*) FROM ledger") == 2


async def test_a_number_out_of_range_is_a_dead_letter(ledger: Ledger) -> None:
    [verdict] = await stored_by(ledger.take_items, UNSTORABLE)([delivered(item(number=2**40))])
    assert isinstance(verdict, DeadLetter)
