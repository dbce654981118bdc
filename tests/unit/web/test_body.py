import gzip
import random
import time
import zlib

import pytest

from onrecord.web import BodyTooLarge, FetchFailed, Limits, decompress
from onrecord.web.body import BodyBuffer, Coding, coding_of

TEXT = random.Random(3).randbytes(40_000).hex().encode()
SMALL = Limits(ratio_free_bytes=10_000, decoded_bytes=200_000)


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


@pytest.mark.parametrize("step", [1, 7, 4_096, 1_000_000])
@pytest.mark.parametrize(
    ("coding", "wire"),
    [
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
        ("gzip", gzip.compress(TEXT) + b"\0" * 10),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
    ],
    ids=["identity", "gzip", "two members", "padded", "zlib", "raw deflate"],
)
def test_decoded_whatever_the_pieces(coding: Coding, wire: bytes, step: int) -> None:
    buffer = BodyBuffer(coding, Limits())
    for start in range(0, len(wire), step):
        buffer.feed(wire[start : start + step])
    assert buffer.finish() == TEXT
    assert buffer.wire_bytes == len(wire)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "identity"])
def test_no_bytes_are_an_empty_body(coding: Coding) -> None:
    assert BodyBuffer(coding, Limits()).finish() == b""


@pytest.mark.parametrize("missing_bytes", [1, 4, 8, 20, 1_000])
def test_every_cut_is_seen(missing_bytes: int) -> None:
    for coding, wire in (("gzip", gzip.compress(TEXT)), ("deflate", zlib.compress(TEXT))):
        with pytest.raises(FetchFailed) as ended:
            decompress(wire[:-missing_bytes], coding, Limits())  # type: ignore[arg-type]
        assert ended.value.reason == "body_truncated"


def test_checksum_and_garbage() -> None:
    broken = bytearray(gzip.compress(TEXT))
    broken[-6] ^= 1
    for wire in (bytes(broken), b"<rss/>" * 10, gzip.compress(b"<item>good</item>" * 50, mtime=0)[:30] + b"\xff" * 200):
        with pytest.raises(FetchFailed) as ended:
            decompress(wire, "gzip", Limits())
        assert ended.value.reason == "body_decode_error"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_bombs_stop_at_the_limit(coding: Coding) -> None:
    bomb = zlib.compressobj(9, wbits=31 if coding == "gzip" else 15)
    wire = b"".join(bomb.compress(b"\0" * (1 << 20)) for _ in range(200)) + bomb.flush()
    started_s = time.process_time()
    buffer = BodyBuffer(coding, Limits())
    with pytest.raises(BodyTooLarge):
        buffer.feed(wire)
    assert time.process_time() - started_s < 1.0
    assert len(buffer._decoded) <= Limits().decoded_bytes + 65_536


def test_ratio_counts_once_past_its_free_size() -> None:
    assert decompress(gzip.compress(b"a" * 10_000), "gzip", SMALL) == b"a" * 10_000
    with pytest.raises(BodyTooLarge, match="100 times"):
        decompress(gzip.compress(b"a" * 100_000), "gzip", SMALL)


def test_many_empty_members_stay_linear() -> None:
    wire = gzip.compress(b"", mtime=0) * 200_000
    started_s = time.process_time()
    assert decompress(wire, "gzip", Limits()) == b""
    assert time.process_time() - started_s < 2.0


def test_truncate_keeps_what_fits() -> None:
    for coding, wire in (("identity", TEXT), ("gzip", gzip.compress(TEXT))):
        buffer = BodyBuffer(coding, Limits(decoded_bytes=1_000), truncate=True)  # type: ignore[arg-type]
        buffer.feed(wire)
        assert (buffer.finish(), buffer.truncated) == (TEXT[:1_000], True)


def test_codings() -> None:
    assert coding_of([]) == coding_of(["identity"]) == coding_of(["", " "]) == "identity"
    assert coding_of(["X-GZIP"]) == coding_of(["gzip, identity"]) == "gzip"
    assert coding_of([" deflate "]) == "deflate"
    for refused in (["br"], ["zstd"], ["gzip, gzip"], ["gzip", "deflate"], ["x-evil"]):
        with pytest.raises(FetchFailed) as ended:
            coding_of(refused)
        assert (ended.value.reason, ended.value.retryable) == ("unsupported_encoding", False)
