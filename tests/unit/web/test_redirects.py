import pytest

from onrecord.contracts import Validators
from onrecord.web import (
    Allowlist,
    FetchFailed,
    Limits,
    PrivateNetworkRefused,
    Redirected,
    Response,
    UrlPolicy,
    UrlRefused,
    WebAddress,
    WebClient,
    WebError,
)
from unit.web.fakes import AGENT, NOON, Handler, client_for, header_sent, moved, reply, site


async def get(pages: dict[str, bytes | Handler], path: str = "/", limits: Limits | None = None) -> Response:
    async with site(pages) as running, client_for(running, limits=limits) as client:
        return await client.get(running.url(path), follow_hosts=True)


async def failure(pages: dict[str, bytes | Handler], limits: Limits | None = None) -> WebError:
    with pytest.raises(WebError) as ended:
        await get(pages, limits=limits)
    return ended.value


async def test_validators_stay_with_their_host() -> None:
    async with site({"/": reply()}) as other, site({"/": moved(other.url())}) as running:
        both = UrlPolicy(allowlist=Allowlist(running.allowlist.entries + other.allowlist.entries))
        async with WebClient(AGENT, policy=both) as client:
            response = await client.get(running.url(), follow_hosts=True, validators=Validators(etag='"v1"'))
    assert (response.url_requested, response.url_final, response.redirects) == (running.url(), other.url(), 1)
    assert header_sent(running, "if-none-match") == '"v1"'
    assert header_sent(other, "if-none-match") is None


async def test_redirects_of_the_same_host_are_followed() -> None:
    pages = {"/": moved("one", 301), "/one": moved("//127.0.0.1:{port}/two", 307), "/two?x=%C3%BC": reply(200, b"end")}
    async with site(pages) as running, client_for(running) as client:
        running.pages["/one"] = moved(f"//127.0.0.1:{running.port}/two?x=ü".encode().decode("latin-1"), 308)
        response = await client.get(running.url())
    assert isinstance(response, Response)
    assert (response.body, response.redirects) == (b"end", 2)


async def test_redirect_to_another_host_is_told_not_followed() -> None:
    async with site({"/": moved("https://other.example/story")}) as running, client_for(running) as client:
        answer = await client.get(running.url())
    other = WebAddress("https", "other.example", 443, "/story")
    assert answer == Redirected(running.url(), location=other, redirects=1, status=302, fetched_at=NOON)


async def test_hops_made_before_count() -> None:
    async with site({"/": moved("https://other.example/")}) as running, client_for(running) as client:
        answer = await client.get(running.url(), redirects=4)
        assert isinstance(answer, Redirected)
        assert answer.redirects == 5
        with pytest.raises(FetchFailed, match="too_many_redirects"):
            await client.get(running.url(), redirects=5)


@pytest.mark.parametrize(
    "location", ["http://10.0.0.1/", "http://127.0.0.1:22/", "file:///etc/passwd", "http://localhost/", r"\\10.0.0.1\x"]
)
@pytest.mark.parametrize("follow_hosts", [True, False])
async def test_redirect_to_private_is_refused(location: str, follow_hosts: bool) -> None:
    async with site({"/": moved(location)}) as running, client_for(running) as client:
        with pytest.raises((UrlRefused, PrivateNetworkRefused)) as ended:
            await client.get(running.url(), follow_hosts=follow_hosts)
    assert ended.value.reason == "blocked_address"
    assert len(running.requests) == 1


def test_https_is_never_left_for_http() -> None:
    client = WebClient(AGENT)
    journey = client._journey("https://news.example/", {})

    class Answer:
        status = 301
        headers = {"Location": "http://news.example/"}  # noqa: RUF012

    with pytest.raises(FetchFailed, match="redirect_refused"):
        client._redirected(journey, Answer())  # type: ignore[arg-type]


async def test_redirect_without_location_is_an_answer() -> None:
    assert (await get({"/": reply(302)})).reason == "http_302"


async def test_redirect_loop_ends() -> None:
    error = await failure({"/": moved("/a"), "/a": moved("/")})
    assert (error.reason, error.redirects, error.retryable) == ("too_many_redirects", 1, False)
    assert str(error.url).endswith("/a")
