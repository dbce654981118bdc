"""The 24 ways to misbehave, each played on loopback; time limits scaled down by a hundred where a server only stalls."""

import asyncio
import json
import random
import shutil
import socket
import ssl
import struct
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from onrecord.web import Limits, Response, WebError
from unit.web.fakes import NOON, Site, client_for, reply, site

VERDICTS = {entry["name"]: entry for entry in json.loads((Path(__file__).parent / "servers.json").read_text())}
# connect 0.1 s, headers 0.3 s, total 0.6 s: a hundredth of the product's.
HURRIED = Limits(connect_s=0.1, headers_s=0.3, total_s=0.6)
SEED = 11

Play = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


def endless(piece: Callable[[int], bytes], pause_s: float = 0.0, start: bytes = b"") -> Play:
    async def play(request: str, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        number = 0
        while True:
            writer.write(piece(number))
            await writer.drain()
            await asyncio.sleep(pause_s)
            number += 1

    return play


def sends(data: bytes) -> Play:
    async def play(request: str, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return play


async def resets(request: str, writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def silent(request: str, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def redirects_on(request: str, writer: asyncio.StreamWriter) -> None:
    number = int(request.split(" ")[1].strip("/") or 0)
    writer.write(reply(302, headers=[("Location", f"/{number + 1}"), ("Connection", "close")]))
    await writer.drain()


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
STALLING: dict[str, Play] = {
    "slow_headers": endless(lambda n: b"X", 0.05, OK),
    "slow_body": endless(lambda n: b"x", 0.02, OK + b"Content-Length: 100000\r\n\r\n"),
    "accept_and_silent": silent,
    "endless_1xx": endless(lambda n: b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n", 0.001),
    "endless_tiny_chunks": endless(lambda n: b"1\r\nx\r\n", 0.0, CHUNKED),
}
PROMPT: dict[str, Play] = {
    "reset": resets,
    "endless_chunked": endless(lambda n: b"10000\r\n" + b"x" * 65_536 + b"\r\n", 0.0, CHUNKED),
    "endless_headers": endless(lambda n: b"X-%d: y\r\n" % n * 100, 0.0, OK),
    "big_header": sends(OK + b"X-Big: " + b"x" * 1_000_000 + b"\r\n\r\n"),
    "redirect_loop": sends(reply(302, headers=[("Location", "/")])),
    "redirect_infinite": redirects_on,
    "redirect_body": endless(
        lambda n: b"x" * 65_536, 0.0, b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 1000000000\r\n\r\n"
    ),
    "content_length_lie_long": sends(reply(200, b"x" * 10, length=1_000_000)),
    "content_length_huge": sends(reply(200, b"x" * 10, length=10**15)),
    "content_length_negative": sends(reply(200, b"x", length=-1)),
    "garbage": sends(random.Random(SEED).randbytes(2_000)),
}
READABLE: dict[str, Play] = {
    "etag_huge": sends(reply(200, b"ok", [("ETag", '"' + "e" * 100_000 + '"\r\nX-Smuggled: 1')])),
    "cookies": sends(reply(200, b"ok", [("Set-Cookie", f"c{n}=v") for n in range(1_000)])),
}


async def fetch(play: Play, limits: Limits | None = None) -> Response:
    async with site({"*": play}) as running, client_for(running, limits=limits) as client:
        return await client.get(running.url("/"), follow_hosts=True)


@pytest.mark.parametrize("name", sorted(STALLING))
async def test_stalling_server_is_left(name: str) -> None:
    with pytest.raises(WebError) as ended:
        await fetch(STALLING[name], HURRIED)
    assert ended.value.reason in VERDICTS[name]["error"].split(" or ")
    assert ended.value.retryable or ended.value.reason == "body_too_large"


@pytest.mark.parametrize("name", sorted(PROMPT))
async def test_broken_server_is_refused(name: str) -> None:
    async with asyncio.timeout(VERDICTS[name]["max_seconds"]):
        with pytest.raises(WebError) as ended:
            await fetch(PROMPT[name])
    assert ended.value.reason in VERDICTS[name]["error"].split(" or ")


@pytest.mark.parametrize("name", sorted(READABLE))
async def test_absurd_headers_are_read(name: str) -> None:
    response = await fetch(READABLE[name])
    assert VERDICTS[name]["expect"] == "parsed"
    assert response.body == b"ok"
    assert response.etag is None


async def test_full_backlog() -> None:
    """no_accept: the kernel drops the handshake, so only the connect limit ends it."""
    with full_backlog() as port:
        running = Site(port=port)
        async with client_for(running, limits=HURRIED) as client:
            with pytest.raises(WebError) as ended:
                await client.get(running.url())
    assert ended.value.reason == VERDICTS["no_accept"]["error"]


@contextmanager
def full_backlog() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        try:
            for each in waiting:
                each.setblocking(False)
                each.connect_ex(address)
            yield address[1]
        finally:
            for each in waiting:
                each.close()


async def test_plain_http_on_the_tls_port() -> None:
    async with site() as running, client_for(running) as client:
        with pytest.raises(WebError) as ended:
            await client.get(running.url().replace("http:", "https:"))
    assert ended.value.reason == VERDICTS["tls_garbage"]["error"]


def make_certificate(folder: Path) -> tuple[Path, Path]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    name = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    command = ["openssl", *kind.split(), *name.split(), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return key, certificate


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command to make a certificate")
async def test_self_signed_certificate(tmp_path: Path) -> None:
    key, certificate = make_certificate(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    async with site({"/": reply(200, b"ok")}, tls=tls) as running, client_for(running) as client:
        with pytest.raises(WebError) as ended:
            await client.get(running.url().replace("http:", "https:"))
    assert ended.value.reason == VERDICTS["tls_self_signed"]["error"]
    assert running.requests == []


@pytest.mark.parametrize(
    ("value", "wait_s"), [("1000000000000", 86_400.0), ("-1", None), ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0)]
)
async def test_absurd_retry_after(value: str, wait_s: float | None) -> None:
    response = await fetch(sends(reply(429, headers=[("Retry-After", value)])))
    assert response.reason == VERDICTS["retry_after_absurd"]["error"]
    assert response.retry_after_s == wait_s
    assert response.retryable


async def test_gone() -> None:
    response = await fetch(sends(reply(410, b"gone")))
    assert response.reason == VERDICTS["gone"]["error"]
    assert (response.retryable, response.body, response.fetched_at) == (False, b"", NOON)


async def test_flapping_server_leaves_no_trace_in_the_client() -> None:
    statuses = iter([200, 500, 200])

    async def flap(request: str, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(next(statuses), b"x"))
        await writer.drain()

    async with site({"*": flap}) as running, client_for(running) as client:
        seen: list[Any] = [(await client.get(running.url(), follow_hosts=True)).reason for _ in range(3)]
    assert seen == [None, "http_500", None]


def test_every_verdict_is_played() -> None:
    alone = {"no_accept", "tls_garbage", "tls_self_signed", "retry_after_absurd", "gone", "flapping"}
    assert STALLING.keys() | PROMPT.keys() | READABLE.keys() | alone == VERDICTS.keys()
