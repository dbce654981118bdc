"""Answers no reader should be hurt by: too big, too slow, too deep, mislabelled."""

import zlib
from collections.abc import Awaitable, Callable
from random import Random

from aiohttp import web

from newspapers.content import Report

Pause = Callable[[float], Awaitable[None]]

HUGE_BYTES = 12 * 1024 * 1024  # above the 10 MiB that the most generous limit in use allows
CHUNK_BYTES = 64 * 1024  # written at once, so the server never holds the huge page
NESTED_DIVISIONS = 5_000  # where parsers are known to lose the text or their stack
DRIP_SECONDS = 1.0  # fast enough that no single read times out
DRIPS = 900  # a quarter of an hour: only a deadline on the whole fetch ends it sooner

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def pixels(seed: int) -> bytes:
    """The head of a JPEG and noise: enough for whoever looks at the first bytes, and no text by chance."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + Random(f"pixels {seed}").randbytes(4096)


def nested_page(report: Report) -> str:
    text = " ".join(report.paragraphs)
    return (
        f"<!DOCTYPE html><html><head><title>{report.title}</title></head><body>"
        f"{'<div>' * NESTED_DIVISIONS}{text}{'</div>' * NESTED_DIVISIONS}</body></html>"
    )


def index_page() -> str:
    """A section front: links and nothing to read."""
    names = ("World", "Politics", "Science", "Culture", "Sport", "Weather", "Letters", "Puzzles")
    links = "".join(f'<li><a href="/{name.lower()}">{name}</a></li>' for name in names)
    return f"<!DOCTYPE html><html><head><title>Sections</title></head><body><nav><ul>{links}</ul></nav></body></html>"


async def huge(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html; charset=utf-8"})
    await response.prepare(request)
    sentence = b"<p>The council said it would say the same again tomorrow.</p>\n"
    chunk = (sentence * (CHUNK_BYTES // len(sentence) + 1))[:CHUNK_BYTES]
    await response.write(b"<!DOCTYPE html><html><head><title>All of it</title></head><body>\n")
    for _ in range(HUGE_BYTES // CHUNK_BYTES):
        await response.write(chunk)
    return response


async def bomb(request: web.Request) -> web.StreamResponse:
    """About 50 kB on the wire, more than HUGE_BYTES when unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(b" " * CHUNK_BYTES) for _ in range(4 * HUGE_BYTES // CHUNK_BYTES)) + packer.flush()
    return web.Response(body=packed, headers={"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"})


async def drip(request: web.Request, pause: Pause) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/html; charset=utf-8"})
    await response.prepare(request)
    await response.write(b"<!DOCTYPE html><html><head><title>Slow</title></head><body><p>")
    for _ in range(DRIPS):
        await response.write(b"and then ")
        await pause(DRIP_SECONDS)
    return response


def garbled_gzip(seed: int) -> web.Response:
    body = b"\x1f\x8b\x08\x00" + Random(f"gzip {seed}").randbytes(2048)
    return web.Response(body=body, headers={"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"})
