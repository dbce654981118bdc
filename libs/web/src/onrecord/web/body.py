"""Bodies under limits: bounded decompression, with every end checked."""

import zlib
from typing import Literal

from onrecord.web.errors import BodyTooLarge, FetchFailed
from onrecord.web.limits import Limits

Coding = Literal["identity", "gzip", "deflate"]

INPUT_SLICE_BYTES = 8_192  # each end of a gzip member copies the rest of its slice: small slices keep many members linear
OUTPUT_STEP_BYTES = 65_536  # the most that is inflated before the limits are looked at again
GZIP_WINDOW_BITS = 31  # zlib's number for "gzip wrapper, trailer checked"
ZLIB_WINDOW_BITS = 15
RAW_WINDOW_BITS = -15  # some servers send deflate without its zlib wrapper


def coding_of(content_encodings: list[str]) -> Coding:
    """The one coding named by the Content-Encoding headers; two layers are how bombs hide, so they are refused."""
    names = [name.strip().lower() for header in content_encodings for name in header.split(",")]
    named = [name for name in names if name not in ("", "identity")]
    if not named:
        return "identity"
    if len(named) == 1 and named[0] in ("gzip", "x-gzip"):
        return "gzip"
    if named == ["deflate"]:
        return "deflate"
    raise FetchFailed("unsupported_encoding", ", ".join(named)[:100])


def decompress(body: bytes, coding: Coding, limits: Limits) -> bytes:
    """A whole body at once, such as a sitemap in a .gz file, under the same limits as one from the wire."""
    buffer = BodyBuffer(coding, limits)
    buffer.feed(body)
    return buffer.finish()


class BodyBuffer:
    """Takes a body as it arrives and gives its decoded bytes. With `truncate` a limit cuts instead of raising."""

    def __init__(self, coding: Coding, limits: Limits, *, truncate: bool = False) -> None:
        self.wire_bytes = 0
        self.truncated = False
        self._coding = coding
        self._limits = limits
        self._truncate = truncate
        self._decoded = bytearray()
        self._stream: zlib._Decompress | None = None
        self._head = b""
        self._over = False

    def feed(self, data: bytes) -> None:
        view = memoryview(data)
        for start in range(0, len(data), INPUT_SLICE_BYTES):
            if self.truncated:
                return
            piece = bytes(view[start : start + INPUT_SLICE_BYTES])
            self.wire_bytes += len(piece)
            if self.wire_bytes > self._limits.wire_bytes:
                self._limit(f"over {self._limits.wire_bytes} bytes on the wire")
            elif self._coding == "identity":
                self._keep(piece)
            else:
                self._inflate(piece)

    def finish(self) -> bytes:
        complete = self._coding == "identity" or self.wire_bytes == 0 or (self._stream is not None and self._stream.eof)
        if not (complete or self.truncated):
            raise FetchFailed("body_truncated", f"{self._coding} stream without its end")
        return bytes(self._decoded)

    def _inflate(self, data: bytes) -> None:
        data = self._head + data
        self._head = b""
        try:
            while data and not (self._over or self.truncated):
                data = self._step(data)
        except zlib.error as error:
            raise FetchFailed("body_decode_error", f"{self._coding}: {error}") from error

    def _step(self, data: bytes) -> bytes:
        """Inflate some of `data`; gives what is left of it."""
        if self._stream is None:
            if self._coding == "deflate" and len(data) < 2:
                self._head = data
                return b""
            self._stream = zlib.decompressobj(self._window_bits(data))
        out = self._stream.decompress(data, OUTPUT_STEP_BYTES)
        self._keep(out)
        # A full step may leave output behind although all input is taken in.
        while len(out) == OUTPUT_STEP_BYTES and not self._stream.unconsumed_tail and not self.truncated:
            out = self._stream.decompress(b"", OUTPUT_STEP_BYTES)
            self._keep(out)
        if not self._stream.eof:
            return self._stream.unconsumed_tail
        rest = self._stream.unused_data
        if self._coding == "gzip" and rest.startswith(b"\x1f"):
            self._stream = None
            return rest
        # The stream is whole and its checksum right: what follows is padding, which every browser ignores.
        self._over = bool(rest)
        return b""

    def _window_bits(self, data: bytes) -> int:
        if self._coding == "gzip":
            return GZIP_WINDOW_BITS
        has_wrapper = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0  # RFC 1950, 2.2
        return ZLIB_WINDOW_BITS if has_wrapper else RAW_WINDOW_BITS

    def _keep(self, data: bytes) -> None:
        self._decoded += data
        size = len(self._decoded)
        if size > self._limits.decoded_bytes:
            self._limit(f"over {self._limits.decoded_bytes} bytes")
            del self._decoded[self._limits.decoded_bytes :]
        elif size > self._limits.ratio_free_bytes and size > self._limits.ratio * self.wire_bytes:
            self._limit(f"inflates over {self._limits.ratio} times")

    def _limit(self, detail: str) -> None:
        if not self._truncate:
            raise BodyTooLarge(detail)
        self.truncated = True
