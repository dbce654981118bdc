"""Hostile answers are what they claim to be."""

import zlib

import aiohttp
import pytest
from aiohttp import ClientSession
from newspapers import Newspapers
from newspapers.hostile import DRIPS, HUGE_BYTES, NESTED_DIVISIONS


def url(papers: Newspapers, path: str) -> str:
    return f"http://{papers.addresses[4]}{path}"


async def body(reader: ClientSession, address: str) -> bytes:
    async with reader.get(address) as response:
        return await response.read()


async def test_huge_page_is_over_the_limit(papers: Newspapers, reader: ClientSession) -> None:
    assert len(await body(reader, url(papers, "/huge"))) > HUGE_BYTES > 10 * 1024 * 1024


async def test_bomb_is_small_on_the_wire_only(papers: Newspapers) -> None:
    async with ClientSession(auto_decompress=False) as plain_reader:
        packed = await body(plain_reader, url(papers, "/bomb"))
    assert len(packed) < 100_000
    assert len(zlib.decompress(packed, 31)) > HUGE_BYTES


async def test_slow_page_comes_in_drips(papers: Newspapers, reader: ClientSession) -> None:
    assert (await body(reader, url(papers, "/slow"))).count(b"and then ") == DRIPS


async def test_false_gzip_cannot_be_read(papers: Newspapers, reader: ClientSession) -> None:
    with pytest.raises(aiohttp.ClientPayloadError):
        await body(reader, url(papers, "/gzip"))


async def test_charset_in_the_header_is_wrong(papers: Newspapers, reader: ClientSession) -> None:
    async with reader.get(url(papers, "/odd/charset")) as response:
        raw = await response.read()
        assert response.charset == "utf-8"
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert "’" in raw.decode("cp1252")


async def test_nesting_is_deep(papers: Newspapers, reader: ClientSession) -> None:
    assert b"<div>" * NESTED_DIVISIONS in await body(reader, url(papers, "/odd/nested"))


@pytest.mark.parametrize(
    ("path", "content_type", "start"),
    [
        ("/files/budget.pdf", "application/pdf", b"%PDF-"),
        ("/files/harbour.jpg", "image/jpeg", b"\xff\xd8\xff"),
        ("/files/mislabelled", "text/html", b"\xff\xd8\xff"),
        ("/empty", "text/html", b""),
    ],
)
async def test_files(papers: Newspapers, reader: ClientSession, path: str, content_type: str, start: bytes) -> None:
    async with reader.get(url(papers, path)) as response:
        assert response.content_type == content_type
        raw = await response.read()
    assert raw[: len(start)] == start
    assert bool(raw) == bool(start)


async def test_full_content_travels_in_the_feed(papers: Newspapers, reader: ClientSession) -> None:
    feed = (await body(reader, url(papers, "/feed.xml"))).decode()
    item = next(item for item in feed.split("<item>") if "/subscribers/full" in item)
    content = item.split("<content:encoded>")[1].split("</content:encoded>")[0]
    assert content.count("&lt;p&gt;") > 5
    assert len(content) > 1000
    assert "<content:encoded>" not in next(item for item in feed.split("<item>") if "/subscribers/teaser" in item)


@pytest.mark.parametrize("path", ["/to-private", "/to-metadata"])
async def test_redirects_into_closed_networks(papers: Newspapers, reader: ClientSession, path: str) -> None:
    async with reader.get(url(papers, path), allow_redirects=False) as response:
        assert response.headers["Location"].startswith(("http://10.", "http://169.254."))
