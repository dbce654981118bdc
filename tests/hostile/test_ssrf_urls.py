"""The URL vectors, through the real client, with a fake resolver and sockets that lead nowhere private."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from onrecord.web import FetchFailed, PrivateNetworkRefused, UrlPolicy, UrlRefused, WebAddress, WebClient
from unit.web.fakes import AGENT, PUBLIC, FakeResolver, Internet, reply, site

REFUSED = (UrlRefused, PrivateNetworkRefused)


@dataclass(frozen=True)
class Vector:
    url: str
    comment: str

    def told(self, tag: str) -> str | None:
        word = self.comment.split(" ")[0]
        return word.removeprefix(tag + ":") if word.startswith(tag + ":") else None

    @property
    def host(self) -> str:
        name = (urlsplit(self.url).hostname or "").rstrip(".")
        return name.encode("idna").decode() if not name.isascii() else name

    @property
    def lookups(self) -> list[list[str]]:
        if names := self.told("dns"):
            return [] if names == "NXDOMAIN" else [names.split(",")]
        if rebind := self.told("rebind"):
            return [[address] for address in rebind.split(">")]
        return [[PUBLIC]]


def vectors() -> dict[str, list[Vector]]:
    found: dict[str, list[Vector]] = {"refused": [], "allowed": []}
    section = "refused"
    for line in (Path(__file__).parent / "ssrf_urls.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# ===="):
            section = "refused" if "BLOCKED" in line else "allowed"
        elif line and not line.startswith("#"):
            found[section].append(Vector(*line.split("\t", 1)))
    return found


VECTORS = vectors()
TAGGED = [
    vector for vector in VECTORS["refused"] + VECTORS["allowed"] if vector.comment.startswith(("dns:", "rebind:", "redirect:"))
]
REDIRECTS = {vector.host: vector.told("redirect") for vector in TAGGED if vector.told("redirect")}
NAMES = {vector.host: vector.lookups for vector in TAGGED}


async def play(url: str, *, times: int = 1) -> tuple[list[tuple[str, int]], Exception | int]:
    """The addresses that sockets were opened for, and how the last fetch ended."""
    redirecting = {host: reply(302, b"", [("Location", to or ""), ("Connection", "close")]) for host, to in REDIRECTS.items()}

    async def by_host(request, writer):  # type: ignore[no-untyped-def]
        host = next(line.split(": ")[1] for line in request.split("\r\n") if line.startswith("Host: "))
        writer.write(redirecting.get(host.split(":")[0], reply(200, b"ok", [("Connection", "close")])))
        await writer.drain()

    async with site({"*": by_host}) as running:
        internet = Internet(running.port)
        names = FakeResolver(NAMES | {"93.184.215.14": [[PUBLIC]]})
        async with WebClient(AGENT, resolver=names, open_socket=internet.open_socket) as client:
            ended: Exception | int = 0
            for _ in range(times):
                try:
                    ended = (await client.get(url, follow_hosts=True)).status
                except (UrlRefused, PrivateNetworkRefused, FetchFailed) as error:
                    ended = error
    return internet.opened, ended


def test_list_is_whole() -> None:
    assert (len(VECTORS["refused"]), len(VECTORS["allowed"])) == (181, 40)


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector.url)
async def test_refused(vector: Vector) -> None:
    if vector.url.startswith("https:") and vector.told("redirect"):
        with pytest.raises(REFUSED):  # a site with a trusted certificate is not at hand: its answer is read here instead
            UrlPolicy().admit(WebAddress.parse(vector.url).join(str(vector.told("redirect"))))
        return
    opened, ended = await play(vector.url, times=2 if vector.told("rebind") else 1)
    assert isinstance(ended, REFUSED), ended
    assert ended.outcome == "blocked_address"
    # A redirect needs its first, public hops; a rebound name its first lookup; all others no socket at all.
    allowed_first = vector.told("redirect") or vector.told("rebind")
    assert {ip for ip, _ in opened} == ({vector.lookups[0][0]} if allowed_first else set())


@pytest.mark.parametrize("vector", VECTORS["allowed"], ids=lambda vector: vector.url)
async def test_allowed(vector: Vector) -> None:
    opened, ended = await play(vector.url)
    assert opened
    secure = vector.url.startswith("https:") or str(vector.told("redirect")).startswith("https:")
    # The local site speaks no TLS; that it was spoken to is what counts.
    assert isinstance(ended, FetchFailed) and ended.reason == "tls_error" if secure else ended == 200


async def test_distinct_addresses_stay_refused_at_the_socket() -> None:
    """Whatever name led there, the guard at the socket alone refuses each private literal of the list."""
    literals = {WebAddress.parse(v.url).host for v in VECTORS["refused"] if _has_literal(v.url)}
    assert len(literals) == 52
    for literal in literals:
        with pytest.raises(PrivateNetworkRefused):
            UrlPolicy().admit_connection(literal, 80)


def _has_literal(url: str) -> bool:
    try:
        host = WebAddress.parse(url).host
    except UrlRefused:
        return False
    return ":" in host or host.replace(".", "").isdigit()
