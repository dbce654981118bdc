"""What the API tells of the work itself: dead letters, feeds, lag."""

from datetime import timedelta

import pytest

from integration.store.api_server import Serve, status
from integration.store.newsroom import START, delivered, item, item_id, outcome
from onrecord.contracts import OutcomeKind
from onrecord.store.adapters.lag import BrokerAway
from onrecord.store.adapters.ledger import Ledger
from onrecord.store.domain.operations import ConsumerLag, TopicLag

pytestmark = pytest.mark.database


async def test_dead_letters_are_the_effective_ones_newest_first(serve: Serve, ledger: Ledger) -> None:
    await ledger.take_items([delivered(item(name)) for name in "abcd"])
    for minutes, name in enumerate("abcd"):
        end = outcome(OutcomeKind.dead_letter, name=name, service="extractor", minutes=minutes)
        await ledger.take_ends([delivered(end.model_copy(update={"reason": f"bug {name}"}))])
    await ledger.take_ends([delivered(outcome(OutcomeKind.stored, name="c"))])
    async with serve() as session:
        _, found = await status(session, "/v1/dead-letters", params={"limit": "2"})
    letters = found["dead_letters"]
    assert [(letter["item_id"], letter["reason"]) for letter in letters] == [
        (str(item_id("d")), "bug d"),
        (str(item_id("b")), "bug b"),
    ]
    assert letters[0]["ended_at"] == (START + timedelta(minutes=3)).isoformat().replace("+00:00", "Z")
    assert (letters[0]["service"], letters[0]["feed_url"]) == ("extractor", "https://gazette.example/feed")
    assert "feed_title" not in letters[0]


async def test_feeds_are_told_by_their_items(serve: Serve, ledger: Ledger) -> None:
    other = {"feed_url": "https://courier.example/feed", "feed_title": "Courier", "discovered_at": START + timedelta(hours=1)}
    await ledger.take_items([delivered(item(name)) for name in "abc"])
    await ledger.take_items([delivered(item("z").model_copy(update=other))])
    await ledger.take_ends([delivered(outcome(OutcomeKind.stored, name=name)) for name in "ab"])
    await ledger.take_ends([delivered(outcome(OutcomeKind.gone, name="unlisted"))])
    async with serve() as session:
        _, found = await status(session, "/v1/feeds")
        _, first = await status(session, "/v1/feeds", params={"limit": "1"})
    newest, older = found["feeds"]
    assert (newest["feed_title"], newest["items"], newest["in_flight"], newest["outcomes"]) == ("Courier", 1, 1, {})
    assert (older["items"], older["in_flight"], older["outcomes"]) == (3, 1, {"stored": 2})
    assert older["last_discovered_at"] == "2026-05-01T12:00:00Z"
    assert found["total"] == first["total"] == 2
    assert first["feeds"] == [newest]


async def test_no_feed_and_no_dead_letter_yet(serve: Serve) -> None:
    async with serve() as session:
        assert await status(session, "/v1/feeds") == (200, {"feeds": [], "total": 0})
        assert await status(session, "/v1/dead-letters") == (200, {"dead_letters": []})


async def test_lag_is_what_the_broker_says(serve: Serve) -> None:
    async def lag() -> ConsumerLag:
        known = TopicLag(group="store", topic="onrecord.item.v1", records=3)
        return ConsumerLag(asked_at=START, lags=[known, TopicLag(group="feed", topic="onrecord.outcome.v1")])

    async with serve(lag=lag) as session:
        _, found = await status(session, "/v1/lag")
    assert found["asked_at"] == "2026-05-01T12:00:00Z"
    assert found["lags"] == [
        {"group": "store", "topic": "onrecord.item.v1", "records": 3},
        {"group": "feed", "topic": "onrecord.outcome.v1"},
    ]


async def test_lag_that_can_not_be_known_is_an_answer_in_json(serve: Serve) -> None:
    async def away() -> ConsumerLag:
        raise BrokerAway("the broker does not answer")

    async with serve(lag=away) as session:
        code, problem = await status(session, "/v1/lag")
        assert (code, problem) == (503, {"error": "unavailable", "detail": "the broker does not answer"})
    async with serve() as session:
        assert (await status(session, "/v1/lag"))[0] == 503


async def test_the_page_is_told_where_traces_are(serve: Serve) -> None:
    async with serve(trace_url="https://traces.example/{trace_id}") as session:
        assert await status(session, "/v1/console") == (200, {"trace_url": "https://traces.example/{trace_id}"})
    async with serve() as session:
        assert await status(session, "/v1/console") == (200, {})
