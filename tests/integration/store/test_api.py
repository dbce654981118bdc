"""The API over HTTP, on a real server and a real database."""

import asyncio
import json
from typing import Any

import aiohttp
import asyncpg
import pytest

from integration.store.api_server import Clock, Serve, status
from integration.store.newsroom import BRIDGE, START, TAXES, URL, article, delivered, item, item_id, outcome, revision, statements
from onrecord.contracts import Article, Kind, OutcomeKind, Publisher
from onrecord.store.adapters.desk import Desk
from onrecord.store.adapters.ledger import Ledger
from onrecord.store.adapters.reader import make_read_pool
from onrecord.store.api.access import Token, hash_token
from onrecord.store.api.guard import SECURITY_HEADERS

pytestmark = pytest.mark.database
STREAM_LIMIT_S = 10  # an event that was passed over never comes
TIMES = ("2026-05-01T10:00:00+00:00", "2026-05-01T11:00:00+00:00", "2026-05-01T11:30:00+00:00")


async def publish(desk: Desk, story: Article, *texts: str, speaker: str = "Ann Lee", kind: Kind = Kind.direct) -> None:
    await desk.take_articles([delivered(story)])
    for event in statements(story, *texts, speaker=speaker, kind=kind):
        await desk.take_statements([delivered(event)])


def dated(*texts: str, number: int, domain: str = "gazette.example", **changes: Any) -> Article:
    when = {"value": TIMES[number], "precision": "minute", "basis": "meta"}
    publisher = Publisher(name=domain.split(".")[0].title(), domain=domain)
    return article(*texts, url=f"https://{domain}/{number}", item=f"{number}", published_at=when, publisher=publisher, **changes)


@pytest.fixture
async def news(desk: Desk) -> None:
    await publish(desk, dated(BRIDGE, number=0), BRIDGE)
    await publish(desk, dated(TAXES, number=1, domain="courier.example"), TAXES, speaker="Bo Chen")
    await publish(desk, dated("Silta avataan kesällä.", number=2, language="fi"), "Silta avataan kesällä.", kind=Kind.indirect)


async def texts(session: aiohttp.ClientSession, **params: str) -> list[str]:
    async with session.get("/v1/statements", params=params) as answer:
        assert answer.status == 200, await answer.text()
        return [entry["statement"]["text"] for entry in (await answer.json())["statements"]]


FI = "Silta avataan kesällä."


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, [FI, TAXES, BRIDGE]),
        ({"speaker": "chen"}, [TAXES]),
        ({"speaker": "Ann Lee"}, [FI, BRIDGE]),
        ({"speaker_key": "per:bo-chen"}, [TAXES]),
        ({"outlet": "Courier.example"}, [TAXES]),
        ({"since": TIMES[1]}, [FI, TAXES]),
        ({"until": TIMES[1]}, [BRIDGE]),
        ({"since": TIMES[1], "until": TIMES[2]}, [TAXES]),
        ({"q": "raising tax"}, [TAXES]),
        ({"q": '"open again"'}, [BRIDGE]),
        ({"q": "bridge or taxes"}, [TAXES, BRIDGE]),
        ({"q": "silta"}, [FI]),
        ({"q": "-taxes"}, [FI, BRIDGE]),
        ({"q": "bridge -june"}, []),
        ({"kind": "indirect"}, [FI]),
        ({"speaker": "Ann Lee", "q": "bridge", "outlet": "gazette.example", "kind": "direct"}, [BRIDGE]),
    ],
)
async def test_filters(serve: Serve, news: None, params: dict[str, str], expected: list[str]) -> None:
    async with serve() as session:
        assert await texts(session, **params) == expected


INJECTIONS = [
    "'; DROP TABLE statements; --",
    "' OR '1'='1",
    "\\'; SELECT pg_sleep(10); --",
    "%' AND 1=1 --",
    "$1",
    "a & | ! ( ) : * <->",
    "\u202e\ufeff",
    '"unclosed',
    "{}[]",
]


@pytest.mark.parametrize("name", ["speaker", "speaker_key", "outlet", "q"])
@pytest.mark.parametrize("value", INJECTIONS)
async def test_hostile_values_are_only_values(serve: Serve, news: None, name: str, value: str) -> None:
    async with serve() as session:
        assert len(await texts(session, **{name: value})) < 3
        assert len(await texts(session)) == 3


@pytest.mark.parametrize(
    "query",
    ["cursor=%27", "cursor=AAAA", "cursor=" + "A" * 300, "limit=0", "limit=201", "since=yesterday", "since=2026-05-01T00:00:00",
     "q=%00", "kind=%27", "q=" + "a" * 201, "q="],
)  # fmt: skip
async def test_bad_parameters_are_refused_in_json(serve: Serve, news: None, query: str) -> None:
    async with serve() as session:
        code, problem = await status(session, f"/v1/statements?{query}")
        if query == "kind=%27":  # enumerations grow: an unknown kind is `other`, and matches nothing here
            assert (code, problem["statements"]) == (200, [])
        else:
            assert (code, problem["error"]) == (400, "bad_request")


async def test_pages_follow_without_gap_or_repeat(serve: Serve, desk: Desk) -> None:
    said = [f"Sentence number {number} is here." for number in range(7)]
    await publish(desk, article(*said), *said)
    async with serve() as session:
        found: list[str] = []
        cursor: dict[str, str] = {}
        for _ in range(4):
            _, page = await status(session, "/v1/statements", params={"limit": "2", **cursor})
            found += [entry["statement"]["text"] for entry in page["statements"]]
            cursor = {"cursor": page.get("next", "")}
        assert sorted(found) == sorted(said)
        assert "next" not in page


async def test_one_statement_and_a_retracted_one(serve: Serve, desk: Desk) -> None:
    first = article(BRIDGE, TAXES)
    await publish(desk, first, BRIDGE, TAXES)
    await publish(desk, article(BRIDGE, at=revision(10), item_revision=2), BRIDGE)
    async with serve() as session:
        code, entry = await status(session, f"/v1/statements/{first.statement_ids[0]}")
        assert (code, entry["statement"]["text"], "retracted" in entry) == (200, BRIDGE, False)
        code, entry = await status(session, f"/v1/statements/{first.statement_ids[1]}")
        assert (code, entry["retracted"]) == (200, "vanished")
        assert await texts(session) == [BRIDGE]
        assert (await status(session, f"/v1/statements/{first.article_id}"))[0] == 404


async def test_article_with_its_statements_in_text_order(serve: Serve, desk: Desk) -> None:
    story = article(TAXES, BRIDGE)
    await publish(desk, story, TAXES, BRIDGE)
    async with serve() as session:
        _, found = await status(session, f"/v1/articles/{story.article_id}")
        assert (found["text"], found["version"], found["statement_count"]) == (story.text, 1, 2)
        assert [entry["statement"]["text"] for entry in found["statements"]] == [TAXES, BRIDGE]
        _, listed = await status(session, "/v1/articles", params={"url": URL})
        assert [entry["article_id"] for entry in listed["articles"]] == [str(story.article_id)]
        assert "text" not in listed["articles"][0]


async def test_ledger_adds_up(serve: Serve, ledger: Ledger) -> None:
    await ledger.take_items([delivered(item(name)) for name in "abcd"])
    await ledger.take_ends([delivered(outcome(OutcomeKind.stored, name="a")), delivered(outcome(OutcomeKind.gone, name="b"))])
    await ledger.take_ends([delivered(outcome(OutcomeKind.dead_letter, name="unlisted"))])
    async with serve() as session:
        _, found = await status(session, "/v1/ledger")
        assert found == {"items_in": 5, "in_flight": 2, "deferred": 0, "outcomes": {"stored": 1, "gone": 1, "dead_letter": 1}}


async def test_why_tells_the_whole_path(serve: Serve, desk: Desk, ledger: Ledger) -> None:
    story = article(BRIDGE, TAXES)
    await ledger.take_items([delivered(item(), trace=5)])
    await desk.take_articles([delivered(story, trace=5)])
    await desk.take_statements([delivered(statements(story, BRIDGE)[0], trace=5)])
    async with serve() as session:
        _, found = await status(session, "/v1/items", params={"url": URL})
        [life] = found["items"][0]["revisions"]
        assert "outcome" not in life
        assert (life["articles"][0]["arrived"], life["articles"][0]["expected"]) == (1, 2)
        await desk.take_statements([delivered(statements(story, TAXES)[0], trace=5)])
        await ledger.take_ends([delivered(outcome(OutcomeKind.dead_letter, service="extractor"), trace=5)])
        await ledger.take_ends([delivered(outcome(OutcomeKind.stored), trace=5)])
        _, path = await status(session, f"/v1/items/{item_id()}")
        [life] = path["revisions"]
        assert (life["outcome"], life["link"], life["trace_ids"]) == ("stored", URL, [f"{5:032x}"])
        kinds = [hop["type"].removeprefix("org.onrecord.") for hop in life["hops"]]
        assert sorted(kinds) == ["article.extracted.v1", "item.found.v1", "outcome.recorded.v1", "outcome.recorded.v1"]
        assert [old["outcome"] for old in life["superseded_outcomes"]] == ["dead_letter"]
        assert life["articles"][0]["complete"] is True
        assert (await status(session, f"/v1/items/{item_id('nobody')}"))[0] == 404


async def read_events(answer: aiohttp.ClientResponse, count: int) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    event: dict[str, str] = {}
    while len(found) < count:
        line = (await answer.content.readline()).decode().rstrip("\n")
        name, _, value = line.partition(": ")
        if line:
            event[name] = value
        else:
            if "event" in event:
                found.append(event)
            event = {}
    return found


async def test_stream_sends_what_is_stored_and_resumes(serve: Serve, desk: Desk, news: None) -> None:
    async with serve() as session:
        async with session.get("/v1/stream") as answer:
            assert answer.content_type == "text/event-stream"
            await answer.content.readline()
            story = article(BRIDGE, TAXES)
            await publish(desk, story, BRIDGE, TAXES)
            first, second = await read_events(answer, 2)
        assert {json.loads(event["data"])["statement"]["text"] for event in (first, second)} == {BRIDGE, TAXES}
        await publish(desk, article(BRIDGE, at=revision(10), item_revision=2), BRIDGE)
        async with session.get("/v1/stream", headers={"Last-Event-ID": first["id"]}) as answer:
            changed, gone = await read_events(answer, 2)
    assert (changed["event"], json.loads(changed["data"])["statement"]["text"]) == ("statement", BRIDGE)
    assert (gone["event"], json.loads(gone["data"])["statement_id"]) == ("retracted", str(story.statement_ids[1]))


async def test_stream_never_passes_over_a_transaction_that_commits_late(serve: Serve, desk: Desk, pool: asyncpg.Pool) -> None:
    async with serve() as session, session.get("/v1/stream") as answer, pool.acquire() as slow:
        await answer.content.readline()
        early = article(BRIDGE, url="https://gazette.example/slow")
        await publish(desk, early, BRIDGE)
        [opening] = await read_events(answer, 1)
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute("UPDATE statements SET changed_tx = pg_current_xact_id(), changed_seq = nextval('statement_changes')")
        await publish(desk, article(TAXES, url="https://gazette.example/fast", item="2"), TAXES)
        waiting = asyncio.create_task(read_events(answer, 2))
        done, _ = await asyncio.wait({waiting}, timeout=0.2)
        assert not done
        await transaction.commit()
        late, fast = await asyncio.wait_for(waiting, STREAM_LIMIT_S)
        assert [json.loads(event["data"])["statement"]["text"] for event in (opening, late, fast)] == [BRIDGE, BRIDGE, TAXES]


async def test_listeners_are_bounded(serve: Serve, news: None) -> None:
    async with serve(max_listeners=1) as session, session.get("/v1/stream") as answer:
        await answer.content.readline()
        assert (await status(session, "/v1/stream"))[0] == 503


ROUTES = (
    "/v1/statements", f"/v1/statements/{item_id()}", "/v1/articles", f"/v1/articles/{item_id()}", "/v1/ledger",
    f"/v1/items/{item_id()}", f"/v1/items?url={URL}", "/v1/stream", "/v1/dead-letters", "/v1/feeds", "/v1/lag", "/v1/console",
)  # fmt: skip


async def test_every_route_needs_the_token(serve: Serve) -> None:
    async with serve(tokens=(Token("desk", hash_token("s3cret")),)) as session:
        _, schema = await status(session, "/openapi.json")
        listed = {path.split("{")[0].rstrip("/") for path in schema["paths"]}
        assert listed == {route.split("?")[0].removesuffix(f"/{item_id()}") for route in ROUTES}
        for route in ROUTES:
            assert (await status(session, route))[0] == 401
            assert (await status(session, route, headers={"Authorization": "Bearer wrong"}))[0] == 401
            assert (await status(session, route, headers={"Authorization": "Basic s3cret"}))[0] == 401
        assert (await status(session, "/v1/ledger", headers={"Authorization": "Bearer s3cret"}))[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/live.js",
        "/article.html",
        "/operations.html",
        "/style.css",
        "/openapi.json",
        "/v1/ledger",
        "/v1/nothing",
        "/v1/statements?limit=x",
    ],
)
async def test_security_headers_on_every_answer(serve: Serve, path: str) -> None:
    async with serve() as session, session.get(path) as answer:
        assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


async def test_rate_limit_per_asker(serve: Serve) -> None:
    clock = Clock()
    token = Token("desk", hash_token("s3cret"))
    async with serve(clock, burst=3, requests_per_s=0.5, tokens=(token,)) as session:
        mine = {"headers": {"Authorization": "Bearer s3cret"}}
        assert [(await status(session, "/v1/ledger", **mine))[0] for _ in range(4)] == [200, 200, 200, 429]
        async with session.get("/v1/ledger", **mine) as answer:
            assert answer.headers["Retry-After"] == "2"
            assert answer.headers["Content-Security-Policy"]
        assert (await status(session, "/v1/ledger"))[0] == 401
        clock.now_s += 2
        assert [(await status(session, "/v1/ledger", **mine))[0] for _ in range(2)] == [200, 429]


async def test_a_name_that_points_here_is_not_answered_without_a_token(serve: Serve) -> None:
    async with serve() as session:
        assert (await status(session, "/v1/ledger", headers={"Host": "evil.example"}))[0] == 421


async def test_a_slow_query_ends_with_an_answer(serve: Serve, pool: asyncpg.Pool) -> None:
    async with serve() as session, pool.acquire() as holder, holder.transaction():
        await holder.execute("LOCK TABLE ledger IN ACCESS EXCLUSIVE MODE")
        code, problem = await status(session, "/v1/ledger")
        assert (code, problem["error"]) == (503, "query_too_slow")


async def test_reading_sessions_can_not_write(dsn: str, pool: asyncpg.Pool) -> None:
    async with make_read_pool(dsn, size=1) as reading:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await reading.execute("DELETE FROM statements")


async def test_times_are_never_in_the_future(serve: Serve, desk: Desk) -> None:
    late = {"value": "2031-01-01", "precision": "day", "basis": "meta"}
    await publish(desk, article(BRIDGE, published_at=late), BRIDGE)
    async with serve() as session:
        _, page = await status(session, "/v1/statements")
        assert page["statements"][0]["at"] == START.isoformat().replace("+00:00", "Z")
