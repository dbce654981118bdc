"""Which characters the bytes of a feed mean.

Labels from outside are looked up in the WHATWG table, never in the codec registry.
"""

import codecs
import re
import zlib
from typing import NamedTuple

from onrecord.feed.domain.errors import FeedTooLarge
from onrecord.text import CODEC_BY_LABEL

PROLOG_BYTES = 1_024  # where an XML declaration can stand; real ones end within 100

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf_32_le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)
# The first character of any feed is ASCII, so its zero bytes tell the width (XML 1.0, appendix F).
_WIDE_STARTS = (
    (re.compile(rb"[<{\s]\0\0\0"), "utf_32_le"),
    (re.compile(rb"\0\0\0[<{\s]"), "utf_32_be"),
    (re.compile(rb"[<{\s]\0[^\0]\0"), "utf_16_le"),
    (re.compile(rb"\0[<{\s]\0[^\0]"), "utf_16_be"),
)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_ENCODED_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_REPLACEMENT = "\ufffd"
_GZIP_MAGIC = b"\x1f\x8b"
# A wrong label turns about every character to damage, a few torn bytes do not.
LEGACY_DAMAGE_MAX_SHARE = 0.01


class Decoded(NamedTuple):
    text: str
    codec: str


def decode(body: bytes, content_type: str | None) -> Decoded:
    """Never fails. Order: byte order mark, zero bytes, valid UTF-8, labels of HTTP and XML, repaired UTF-8, windows-1252."""
    for mark, codec in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return Decoded(body.decode(codec, "replace").lstrip("\ufeff"), codec)
    for start, codec in _WIDE_STARTS:
        if start.match(body):
            return Decoded(body.decode(codec, "replace"), codec)
    labels = _declared(body, content_type)
    if body.isascii() and "iso2022_jp" not in labels:
        return Decoded(body.decode("ascii"), "utf_8")
    if not body.isascii() and (valid := _strict(body, "utf_8")) is not None:
        # Legacy text of any length is not valid UTF-8 by chance, while servers add wrong labels by default.
        return Decoded(valid, "utf_8")
    for codec in labels:
        if codec != "utf_8" and (text := _nearly(body, codec)) is not None:
            return Decoded(text, codec)
    return _repaired(body)


def _declared(body: bytes, content_type: str | None) -> list[str]:
    http = _HTTP_CHARSET.search(content_type or "")
    xml = _XML_ENCODING.search(body[:PROLOG_BYTES])
    labels = [match for match in (http and http[1], xml and xml[1].decode("ascii")) if match]
    return [codec for label in labels if (codec := CODEC_BY_LABEL.get(label.lower()))]


def _strict(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except UnicodeDecodeError:
        return None


def _nearly(body: bytes, codec: str) -> str | None:
    text = body.decode(codec, "replace")
    return text if text.count(_REPLACEMENT) <= LEGACY_DAMAGE_MAX_SHARE * len(text) else None


def _repaired(body: bytes) -> Decoded:
    """UTF-8 with a few bad bytes keeps its good ones; what is mostly bad as UTF-8 is Western legacy text."""
    text = _ENCODED_SURROGATE.sub(b"", body).decode("utf_8", "replace")
    damaged = text.count(_REPLACEMENT)
    sound = sum(1 for character in text if character > "\x7f") - damaged
    if sound >= damaged:
        return Decoded(text, "utf_8")
    return Decoded(body.decode("cp1252", "replace"), "cp1252")


def inflated(body: bytes, max_bytes: int) -> bytes:
    """A feed file that is itself gzip (served as application/gzip) is unpacked once, within the limit; else unchanged."""
    if not body.startswith(_GZIP_MAGIC):
        return body
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(body, max_bytes + 1)
    except zlib.error:
        return body
    if len(unpacked) > max_bytes:
        raise FeedTooLarge(f"more than {max_bytes} bytes when unpacked")
    return unpacked
