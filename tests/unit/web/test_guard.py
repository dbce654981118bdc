import pytest

from onrecord.web import (
    Allowlist,
    FetchFailed,
    PrivateNetworkRefused,
    UrlPolicy,
    UrlRefused,
    WebAddress,
    WebClient,
)
from unit.web.fakes import AGENT, PUBLIC, FakeResolver, Internet, client_for, reply, site


async def test_allowlist_opens_its_port_for_its_addresses_alone() -> None:
    async with site({"/": reply(200, b"ok")}) as running:
        internet = Internet(running.port)
        names = FakeResolver({"intranet": [["127.0.0.1"]], "public.example": [[PUBLIC]], "wiki": [[PUBLIC]]})
        async with client_for(running, resolver=names, open_socket=internet.open_socket) as client:
            assert (await client.get(f"http://intranet:{running.port}/", follow_hosts=True)).body == b"ok"
            for refused in (f"http://public.example:{running.port}/", f"http://wiki:{running.port}/", "http://127.0.0.1:8080/"):
                with pytest.raises((PrivateNetworkRefused, UrlRefused)):
                    await client.get(refused)
    assert internet.opened == [("127.0.0.1", running.port)]


async def test_a_host_with_one_private_answer_is_refused_whole() -> None:
    internet = Internet(0)
    names = FakeResolver({"mixed.example": [[PUBLIC, "10.0.0.5"]]})
    async with WebClient(AGENT, resolver=names, open_socket=internet.open_socket) as client:
        with pytest.raises(PrivateNetworkRefused, match=r"10\.0\.0\.5"):
            await client.get("http://mixed.example/")
    assert internet.opened == []


async def test_a_private_name_leads_only_to_what_was_opened() -> None:
    internet = Internet(0)
    policy = UrlPolicy(allowlist=Allowlist.parse("10.1.0.0/16:8080"))
    names = FakeResolver({"wiki": [[PUBLIC]], "wiki.internal": [["10.2.0.1"]]})
    async with WebClient(AGENT, policy=policy, resolver=names, open_socket=internet.open_socket) as client:
        for url in ("http://wiki:8080/", "http://wiki.internal:8080/"):
            with pytest.raises(PrivateNetworkRefused):
                await client.get(url)
    assert (names.asked, internet.opened) == (["wiki", "wiki.internal"], [])


class Unchecked(UrlPolicy):
    """As if both walls before the socket had a hole."""

    def admit(self, address: WebAddress) -> None:
        pass

    def admit_answer(self, host: str, ip: str, port: int) -> None:
        pass


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::ffff:10.0.0.1]/", "http://news.example/", "http://dual.example/"]
)
async def test_the_socket_guard_holds_alone(url: str) -> None:
    internet = Internet(0)
    names = FakeResolver({"news.example": [["169.254.169.254"]], "dual.example": [["fc00::1", "10.0.0.1"]]})
    async with WebClient(AGENT, policy=Unchecked(), resolver=names, open_socket=internet.open_socket) as client:
        with pytest.raises((PrivateNetworkRefused, FetchFailed)) as ended:
            await client.get(url)
    assert internet.opened == []
    # Racing two addresses merges their errors into a text; the reason word is then the general one.
    assert ended.value.reason == ("connect_failed" if "dual" in url else "blocked_address")
