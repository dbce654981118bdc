"""Bytes to text: BOM, valid UTF-8, HTTP, declared in the page, then statistics."""

import codecs
import re

import cchardet

from onrecord.extractor.domain.errors import NotHtml

DECLARATION_BYTES = 4096  # the standard reads 1024; real pages put long comments before their meta
DETECTION_BYTES = 64 * 1024  # statistics need no more, and the detector is slow on long noise

# WHATWG labels by the Python codec that decodes them; outside text never names a codec by itself,
# since Python's include idna, unicode_escape and undefined.
_CODECS = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
    "cp1252": "windows-1252 cp1252 x-cp1252 ansi_x3.4-1968 ascii us-ascii cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 "
    "iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1",
    "cp1250": "windows-1250 cp1250 x-cp1250",
    "cp1251": "windows-1251 cp1251 x-cp1251",
    "cp1253": "windows-1253 cp1253 x-cp1253",
    "cp1254": "windows-1254 cp1254 x-cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 "
    "iso_8859-9 iso_8859-9:1989 l5 latin5",
    "cp1255": "windows-1255 cp1255 x-cp1255",
    "cp1256": "windows-1256 cp1256 x-cp1256",
    "cp1257": "windows-1257 cp1257 x-cp1257",
    "cp1258": "windows-1258 cp1258 x-cp1258",
    "cp866": "ibm866 866 cp866 csibm866",
    "iso8859-2": "iso-8859-2 csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
    "iso8859-3": "iso-8859-3 csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
    "iso8859-4": "iso-8859-4 csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
    "iso8859-5": "iso-8859-5 csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
    "iso8859-6": "iso-8859-6 arabic asmo-708 csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 "
    "iso_8859-6",
    "iso8859-7": "iso-8859-7 csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 "
    "iso_8859-7 sun_eu_greek",
    "iso8859-8": "iso-8859-8 csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 visual "
    "iso-8859-8-i csiso88598i logical",
    "iso8859-10": "iso-8859-10 csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6",
    "cp874": "windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620",
    "iso8859-13": "iso-8859-13 iso8859-13 iso885913",
    "iso8859-14": "iso-8859-14 iso8859-14 iso885914",
    "iso8859-15": "iso-8859-15 csisolatin9 iso8859-15 iso885915 iso_8859-15 l9",
    "iso8859-16": "iso-8859-16",
    "koi8-r": "koi8-r cskoi8r koi koi8 koi8_r",
    "koi8-u": "koi8-u koi8-ru",
    "mac-roman": "macintosh csmacintosh mac x-mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "gbk chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk gb18030",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc-jp": "euc-jp cseucpkdfmtjapanese x-euc-jp",
    "iso2022-jp": "iso-2022-jp csiso2022jp",
    "cp932": "shift_jis csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis",
    "cp949": "euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 uhc",
    "utf-16-le": "utf-16le utf-16 csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff",
    "utf-16-be": "utf-16be unicodefffe",
}
CODEC_OF_LABEL = {label: codec for codec, labels in _CODECS.items() for label in labels.split()}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""<meta\s[^>]{0,400}?charset\s{0,8}=\s{0,8}["']?\s{0,8}([\w:.-]{2,40})""", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"""^\s{0,64}<\?xml\s[^>]{0,200}?encoding\s{0,8}=\s{0,8}["']([\w:.-]{2,40})""", re.IGNORECASE)
MAX_REPLACED_SHARE = 0.02  # of characters: more that do not decode tell that a declared charset is a lie


def codec_of(label: str | None) -> str | None:
    """The codec of a WHATWG label; None for any other name."""
    return CODEC_OF_LABEL.get(label.strip().strip("\"'").lower()) if label else None


def _declared(body: bytes) -> str | None:
    head = body[:DECLARATION_BYTES]
    found = _XML_DECLARED.search(head) or _DECLARED.search(head)
    codec = codec_of(found.group(1).decode("ascii")) if found else None
    # a declaration that could be read as ASCII cannot be UTF-16: the standard takes it as UTF-8
    return "utf-8" if codec in ("utf-16-le", "utf-16-be") else codec


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
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for codec in (*declared, _detected(body)):
        text = body.decode(codec, "replace")
        if text.count("\ufffd") <= MAX_REPLACED_SHARE * len(text):
            return text
    return body.decode(declared[0] if declared else "cp1252", "replace")
