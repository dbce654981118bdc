"""Bytes to text: BOM, valid UTF-8, HTTP, declared in the page, then statistics."""

import codecs
import re

import cchardet

from onrecord.extractor.domain.errors import NotHtml
from onrecord.text import CODEC_BY_LABEL

DECLARATION_BYTES = 4096  # the standard reads 1024; real pages put long comments before their meta
DETECTION_BYTES = 64 * 1024  # statistics need no more, and the detector is slow on long noise

# Servers may say so without a mark; a page that declares it of itself in ASCII can not mean it.
_UTF_16 = {
    **dict.fromkeys("utf-16le utf-16 csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff".split(), "utf_16_le"),
    **dict.fromkeys("utf-16be unicodefffe".split(), "utf_16_be"),
}
_BOMS = ((codecs.BOM_UTF8, "utf_8"), (codecs.BOM_UTF16_LE, "utf_16_le"), (codecs.BOM_UTF16_BE, "utf_16_be"))
_DECLARED = re.compile(rb"""<meta\s[^>]{0,400}?charset\s{0,8}=\s{0,8}["']?\s{0,8}([\w:.-]{2,40})""", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"""^\s{0,64}<\?xml\s[^>]{0,200}?encoding\s{0,8}=\s{0,8}["']([\w:.-]{2,40})""", re.IGNORECASE)
MAX_REPLACED_SHARE = 0.02  # of characters: more that do not decode tell that a declared charset is a lie


def codec_of(label: str | None) -> str | None:
    """The codec of a WHATWG label; None for any other name."""
    name = (label or "").strip().strip("\"'").lower()
    return CODEC_BY_LABEL.get(name) or _UTF_16.get(name)


def _declared(body: bytes) -> str | None:
    head = body[:DECLARATION_BYTES]
    found = _XML_DECLARED.search(head) or _DECLARED.search(head)
    codec = codec_of(found.group(1).decode("ascii")) if found else None
    # a declaration that could be read as ASCII cannot be UTF-16: the standard takes it as UTF-8
    return "utf_8" if codec in ("utf_16_le", "utf_16_be") else codec


def _detected(body: bytes) -> str:
    found = cchardet.detect(body[:DETECTION_BYTES])
    return codec_of(found.get("encoding")) or "cp1252"


def decode_html(body: bytes, http_charset: str | None) -> str:
    """The text of `body`; what does not decode becomes U+FFFD. Raises NotHtml for bytes that cannot be text."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    if b"<" not in body:
        raise NotHtml
    declared = [codec for codec in (codec_of(http_charset), _declared(body)) if codec]
    if not (declared and body.isascii()):
        try:
            # bytes of another charset do not form valid UTF-8 by chance, so this beats a declaration that is left over
            return body.decode("utf_8")
        except UnicodeDecodeError:
            pass
    for codec in (*declared, _detected(body)):
        text = body.decode(codec, "replace")
        if text.count("\ufffd") <= MAX_REPLACED_SHARE * len(text):
            return text
    return body.decode(declared[0] if declared else "cp1252", "replace")
