import asyncio
import hashlib
from datetime import UTC, datetime

import pytest

from onrecord.contracts import Validators
from onrecord.web import (
    BodyTooLarge,
    FetchFailed,
    Limits,
    Link,
    Response,
    UserAgent,
    WebClient,
    WebError,
)
from unit.web.fakes import (
    AGENT,
    NOON,
    PUBLIC,
    FakeResolver,
    Handler,
    Internet,
    client_for,
    closing,
    header_sent,
    moved,
    reply,
    site,
    zipped,
)


async def get(pages: dict[str, bytes | Handler], path: str = "/", limits: Limits | None = None) -> Response:
    async with site(pages) as running, client_for(running, limits=limits) as client:
        return await client.get(running.url(path), follow_hosts=True)


async def failure(pages: dict[str, bytes | Handler], limits: Limits | None = None) -> WebError:
    with pytest.raises(WebError) as ended:
        await get(pages, limits=limits)
    return ended.value


async def test_response_carries_every_fact() -> None:
    facts = [
        ("Content-Type", "Text/HTML; charset=ISO-8859-1"),
        ("ETag", 'W/"abc"'),
        ("Last-Modified", "Sun, 01 Mar 2026 10:00:00 GMT"),
        ("Cache-Control", "public, max-age=300"),
        ("Expires", "Sun, 01 Mar 2026 13:00:00 GMT"),
        ("Link", '<https://hub.example/>; rel="hub", <https://news.example/feed>; rel=self'),
        ("X-Robots-Tag", "noai"),
        ("X-Other", "dropped"),
    ]
    async with site({"/a": reply(200, b"body", facts)}) as running, client_for(running) as client:
        response = await client.get(running.url("/a#top"), follow_hosts=True)
    assert response == Response(
        url_requested=running.url("/a"),
        url_final=running.url("/a"),
        redirects=0,
        status=200,
        fetched_at=NOON,
        content_type="text/html",
        charset="iso-8859-1",
        etag='W/"abc"',
        last_modified="Sun, 01 Mar 2026 10:00:00 GMT",
        max_age_s=300,
        expires=datetime(2026, 3, 1, 13, tzinfo=UTC),
        links=(Link("https://hub.example/", "hub"), Link("https://news.example/feed", "self")),
        headers={"x-robots-tag": "noai"},
        body=b"body",
        body_sha256=hashlib.sha256(b"body").hexdigest(),
    )
    assert response.ok
    assert response.reason is None
    assert response.validators.etag == 'W/"abc"'


async def test_user_agent_is_truthful_and_nothing_else_is_told() -> None:
    pages: dict[str, bytes | Handler] = {"/": moved("/next"), "/next": reply(200, b"x", [("Set-Cookie", "a=b; Path=/")])}
    async with site(pages) as running:
        # A name, as the HTTP library keeps no cookies of bare addresses anyway.
        names = FakeResolver({"news.example": [[PUBLIC]]})
        async with WebClient(AGENT, resolver=names, open_socket=Internet(running.port).open_socket) as client:
            for _ in range(2):
                await client.get("http://news.example/", accept="text/html")
    assert len(running.requests) == 4
    for request in range(4):
        assert header_sent(running, "user-agent", request) == "onrecord/0.1.0 (+https://onrecord.example/bot)"
        assert header_sent(running, "accept-encoding", request) == "gzip, deflate"
        assert header_sent(running, "accept", request) == "text/html"
        assert header_sent(running, "cookie", request) is None
        assert header_sent(running, "referer", request) is None
        assert header_sent(running, "authorization", request) is None


def test_user_agent_needs_a_contact() -> None:
    for contact in ("", "me", "https://x.example/ (hidden)", "https://x.example/\r\nX: y"):
        with pytest.raises(ValueError, match="contact"):
            UserAgent("1.0", contact)


async def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    async with site({"*": reply(200, b"proxy")}) as proxy, site({"/": reply(200, b"direct")}) as running:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        monkeypatch.delenv("no_proxy", raising=False)
        async with client_for(running) as client:
            response = await client.get(running.url(), follow_hosts=True)
    assert (response.body, proxy.requests) == (b"direct", [])


async def test_validators_ask_conditionally_and_304_has_no_body() -> None:
    not_modified = b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'
    async with site({"/": not_modified}) as running, client_for(running) as client:
        known = Validators(etag='"v1"', last_modified="Sun, 01 Mar 2026 10:00:00 GMT")
        response = await client.get(running.url(), follow_hosts=True, validators=known)
        await client.get(running.url(), validators=Validators(etag="a\r\nX-Smuggled: 1"))
    assert header_sent(running, "if-none-match", 0) == '"v1"'
    assert header_sent(running, "if-modified-since", 0) == "Sun, 01 Mar 2026 10:00:00 GMT"
    assert "Smuggled" not in running.requests[1]
    assert response.not_modified
    assert (response.reason, response.body, response.body_sha256, response.etag) == (None, b"", None, '"v1"')


async def test_body_codings() -> None:
    assert (await get({"/": zipped(b"x" * 5_000)})).body == b"x" * 5_000
    assert (await failure({"/": reply(200, b"x", [("Content-Encoding", "br")])})).reason == "unsupported_encoding"
    assert (await failure({"/": reply(200, b"x", [("Content-Encoding", "gzip, gzip")])})).reason == "unsupported_encoding"
    assert (await failure({"/": reply(200, b"<rss/>", [("Content-Encoding", "gzip")])})).reason == "body_decode_error"


async def test_cut_bodies_are_never_taken_for_whole() -> None:
    for page in (zipped(b"y" * 5_000, cut_bytes=20), zipped(b"y" * 5_000, cut_bytes=1), reply(200, b"short", length=10)):
        error = await failure({"/": closing(page)})
        assert (error.reason, error.retryable) == ("body_truncated", True)


async def test_broken_chunk_is_a_broken_protocol() -> None:
    page = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"
    assert (await failure({"/": closing(page)})).reason == "http_protocol"


async def test_body_limits() -> None:
    limits = Limits(wire_bytes=20_000, decoded_bytes=50_000, ratio_free_bytes=10_000)
    assert isinstance(await failure({"/": reply(200, b"x" * 20_001)}, limits), BodyTooLarge)
    assert (await get({"/": reply(200, b"x" * 20_000)}, limits=limits)).body == b"x" * 20_000
    assert "inflates over 100 times" in str(await failure({"/": zipped(b"x" * 49_000)}, Limits(ratio_free_bytes=10_000)))
    assert "over 50000 bytes" in str(await failure({"/": zipped(b"x" * 60_000)}, Limits(decoded_bytes=50_000)))


async def test_truncate_cuts_instead() -> None:
    async with site({"/": reply(200, b"x" * 3_000)}) as running, client_for(running) as client:
        response = await client.get(running.url(), follow_hosts=True, truncate=True, limits=Limits(decoded_bytes=1_000))
    assert (response.body, response.truncated) == (b"x" * 1_000, True)


async def test_deadline_shortens_the_total_time() -> None:
    async def drip(request: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with site({"/": drip}) as running, client_for(running) as client:
        with pytest.raises(FetchFailed) as ended:
            await client.get(running.url(), deadline_s=0.1)
    assert (ended.value.reason, ended.value.retryable) == ("timeout_total", True)


async def test_error_pages_are_not_read() -> None:
    response = await get({"/": reply(503, b"x" * 100, [("Retry-After", "Sun, 01 Mar 2026 12:02:00 GMT")])})
    assert (response.reason, response.body, response.retry_after_s, response.retryable) == ("http_503", b"", 120.0, True)


async def test_unknown_name_and_closed_port() -> None:
    async with WebClient(AGENT, resolver=FakeResolver({})) as client:
        with pytest.raises(FetchFailed, match="dns_error"):
            await client.get("http://nowhere.example/")
    async with site() as running:
        pass
    async with client_for(running) as client:
        with pytest.raises(FetchFailed, match="connect_failed"):
            await client.get(running.url())


async def test_client_must_be_open() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await WebClient(AGENT).get("http://news.example/")
