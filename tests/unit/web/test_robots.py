import asyncio

import pytest

from onrecord.web import FetchFailed, Politeness, PrivateNetworkRefused, Robots, RobotsDisallowed, UrlRefused, WebClient
from unit.web.fakes import FakeClock, FakeResolver, Handler, Site, client_for, reply, site

DENY = b"user-agent: onrecord\ndisallow: /secret\ncrawl-delay: 4"
DAY_S = 86_400.0


class Asked:
    """Robots over one local site whose answer may be changed."""

    def __init__(self, running: Site, client: WebClient) -> None:
        self.site = running
        self.clock = FakeClock()
        self.robots = Robots(client, clock_s=self.clock)

    def answers(self, page: bytes | Handler) -> None:
        self.site.pages["/robots.txt"] = page

    async def allowed(self, path: str) -> bool:
        return (await self.robots.rules(self.site.url(path))).allowed(self.site.url(path))

    @property
    def requests(self) -> int:
        return len(self.site.requests)


@pytest.fixture
async def asked():  # type: ignore[no-untyped-def]
    async with site({"/robots.txt": reply(200, DENY)}) as running, client_for(running) as client:
        yield Asked(running, client)


async def test_asked_once_a_day(asked: Asked) -> None:
    assert not await asked.allowed("/secret")
    assert await asked.allowed("/open")
    assert (await asked.robots.rules(asked.site.url("/"))).crawl_delay_s == 4.0
    asked.answers(reply(200, b""))
    await asked.clock.advance(DAY_S - 1)
    assert not await asked.allowed("/secret")
    assert asked.requests == 1
    await asked.clock.advance(1)
    assert await asked.allowed("/secret")
    assert asked.requests == 2


async def test_check_names_the_refusal(asked: Asked) -> None:
    with pytest.raises(RobotsDisallowed) as refused:
        await asked.robots.check(asked.site.url("/secret"))
    assert (refused.value.outcome, refused.value.reason) == ("robots_disallowed", "robots_disallowed")
    assert (await asked.robots.check(asked.site.url("/open"))).crawl_delay_s == 4.0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 302])
async def test_absent_allows_all(asked: Asked, status: int) -> None:
    asked.answers(reply(status))
    assert await asked.allowed("/secret")


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_unreachable_disallows_for_a_while(asked: Asked, status: int) -> None:
    asked.answers(reply(status))
    assert not await asked.allowed("/open")
    with pytest.raises(FetchFailed) as unreachable:
        await asked.robots.check(asked.site.url("/open"))
    assert (unreachable.value.reason, unreachable.value.retryable) == ("robots_unreachable", True)
    assert asked.requests == 1
    asked.answers(reply(200, DENY))
    await asked.clock.advance(600)
    assert await asked.allowed("/open")


async def test_retry_after_of_robots_is_kept(asked: Asked) -> None:
    asked.answers(reply(503, headers=[("Retry-After", "3600")]))
    assert not await asked.allowed("/open")
    await asked.clock.advance(3_599)
    assert not await asked.allowed("/open")
    assert asked.requests == 1


async def test_older_copy_bridges_an_outage(asked: Asked) -> None:
    assert not await asked.allowed("/secret")
    asked.answers(reply(503))
    await asked.clock.advance(DAY_S)
    assert await asked.allowed("/open")
    assert not await asked.allowed("/secret")
    with pytest.raises(RobotsDisallowed):
        await asked.robots.check(asked.site.url("/secret"))
    assert asked.requests == 2


async def test_redirects(asked: Asked) -> None:
    asked.answers(reply(301, headers=[("Location", "/moved")]))
    asked.site.pages["/moved"] = reply(200, DENY)
    assert not await asked.allowed("/secret")


@pytest.mark.parametrize("location", ["/robots.txt", "http://10.0.0.1/", "file:///robots.txt"])
async def test_redirect_that_leads_nowhere_counts_as_absent(asked: Asked, location: str) -> None:
    asked.answers(reply(301, headers=[("Location", "/moved")]))
    asked.site.pages["/moved"] = reply(301, headers=[("Location", location)])
    assert await asked.allowed("/secret")


async def test_a_blocked_site_is_blocked_not_disallowed() -> None:
    async with site() as running, client_for(running, resolver=FakeResolver({"lan.example": [["10.0.0.1"]]})) as client:
        robots = Robots(client)
        with pytest.raises(PrivateNetworkRefused):
            await robots.check("http://lan.example/")
        with pytest.raises(UrlRefused):
            await robots.check("http://localhost/")


async def test_a_long_file_is_read_to_its_limit(asked: Asked) -> None:
    asked.answers(reply(200, DENY + b"\n#" + b"x" * 600_000 + b"\ndisallow: /late"))
    assert not await asked.allowed("/secret")
    assert await asked.allowed("/late")


async def test_many_callers_ask_once(asked: Asked) -> None:
    answers = await asyncio.gather(*(asked.allowed("/secret") for _ in range(20)))
    assert (answers, asked.requests) == ([False] * 20, 1)


async def test_cache_is_bounded_by_sites_and_bytes() -> None:
    async with site({"/robots.txt": reply(200, DENY)}) as one, site({"/robots.txt": reply(200, DENY)}) as two:
        for bound in ({"cache_hosts": 1}, {"cache_bytes": 300}):
            async with client_for(one) as first, client_for(two) as second:
                robots = Robots(first, **bound)
                await robots.rules(one.url())
                robots._client = second
                await robots.rules(two.url())
                robots._client = first
                await robots.rules(one.url())
        assert (len(one.requests), len(two.requests)) == (4, 2)


async def test_robots_take_the_hosts_turn() -> None:
    clock = FakeClock()
    politeness = Politeness(clock_s=clock, sleep=clock.sleep)
    async with site({"/robots.txt": reply(200, DENY)}) as running, client_for(running) as client:
        asking = asyncio.create_task(Robots(client, politeness=politeness, clock_s=clock).rules(running.url()))
        await clock.advance(0.9)
        assert running.requests == []
        await clock.advance(0.1)
        assert not (await asking).allows_target("/secret")
