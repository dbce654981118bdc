"""Which characters the bytes of a feed mean.

Labels are those of the WHATWG Encoding Standard. A label from outside never reaches the codec registry, which also holds
compressors, escapes and quadratic decoders.
"""

import codecs
import re
import zlib
from typing import NamedTuple

from onrecord.feed.domain.errors import FeedTooLarge

PROLOG_BYTES = 1_024  # where an XML declaration can stand; real ones end within 100

_LABELS_BY_CODEC = {
    "utf_8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
    "cp866": "866 cp866 csibm866 ibm866",
    "iso8859_2": "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
    "iso8859_3": "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
    "iso8859_4": "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
    "iso8859_5": "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
    "iso8859_6": "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i "
    "iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
    "iso8859_7": "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 "
    "iso_8859-7:1987 sun_eu_greek",
    "iso8859_8": "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 "
    "iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical",
    "iso8859_10": "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6",
    "iso8859_13": "iso-8859-13 iso8859-13 iso885913",
    "iso8859_14": "iso-8859-14 iso8859-14 iso885914",
    "iso8859_15": "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9",
    "iso8859_16": "iso-8859-16",
    "koi8_r": "cskoi8r koi koi8 koi8-r koi8_r",
    "koi8_u": "koi8-ru koi8-u",
    "mac_roman": "csmacintosh mac macintosh x-mac-roman",
    "cp874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
    "cp1250": "cp1250 windows-1250 x-cp1250",
    "cp1251": "cp1251 windows-1251 x-cp1251",
    "cp1252": "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
    "iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252",
    "cp1253": "cp1253 windows-1253 x-cp1253",
    "cp1254": "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 "
    "x-cp1254",
    "cp1255": "cp1255 windows-1255 x-cp1255",
    "cp1256": "cp1256 windows-1256 x-cp1256",
    "cp1257": "cp1257 windows-1257 x-cp1257",
    "cp1258": "cp1258 windows-1258 x-cp1258",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc_jp": "cseucpkdfmtjapanese euc-jp x-euc-jp",
    "iso2022_jp": "csiso2022jp iso-2022-jp",
    "cp932": "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
    "cp949": "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949",
}
CODEC_BY_LABEL = {label: codec for codec, labels in _LABELS_BY_CODEC.items() for label in labels.split()}

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
