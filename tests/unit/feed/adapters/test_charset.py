import codecs
import gzip

import pytest

from onrecord.feed.adapters.charset import decode, inflated
from onrecord.feed.domain.errors import FeedTooLarge
from onrecord.text import CODEC_BY_LABEL


def xml(text: str, label: str, codec: str) -> bytes:
    return f'<?xml version="1.0" encoding="{label}"?><rss>{text}</rss>'.encode(codec)


@pytest.mark.parametrize("codec", sorted(set(CODEC_BY_LABEL.values())))
def test_every_codec_exists(codec: str) -> None:
    assert codecs.lookup(codec)


@pytest.mark.parametrize("label", ["idna", "punycode", "zlib_codec", "utf-7", "unicode_escape", "rot13", "undefined", "hex"])
def test_what_is_no_charset_has_no_codec(label: str) -> None:
    assert label not in CODEC_BY_LABEL
    assert "caf\u00e9" in decode(xml("caf\u00e9", label, "utf-8"), None).text


@pytest.mark.parametrize(
    ("text", "label", "codec"),
    [
        ("\u041c\u0438\u043d\u0438\u0441\u0442\u0440 \u0441\u043a\u0430\u0437\u0430\u043b", "windows-1251", "cp1251"),
        ("\u041c\u0438\u043d\u0438\u0441\u0442\u0440", "KOI8-R", "koi8_r"),
        ("\u9996\u76f8\u306f\u8ff0\u3079\u305f", "Shift_JIS", "cp932"),
        ("\u9996\u76f8\u306f\u8ff0\u3079\u305f", "iso-2022-jp", "iso2022_jp"),
        ("\u603b\u7406\u8868\u793a", "gb2312", "gb18030"),
        ("Stra\u00dfe", "ISO-8859-1", "latin-1"),
        ("\u0391\u03b8\u03ae\u03bd\u03b1", "iso-8859-7", "iso8859_7"),
    ],
)
def test_declared_legacy_charset(text: str, label: str, codec: str) -> None:
    assert text in decode(xml(text, label, codec), None).text
    undeclared = f"<rss>{text}</rss>".encode(codec)
    assert text in decode(undeclared, f"text/xml; charset={label}").text


def test_valid_utf8_beats_a_wrong_label() -> None:
    assert "na\u00efve" in decode(xml("na\u00efve", "ISO-8859-1", "utf-8"), "text/xml; charset=windows-1252").text


def test_lie_of_utf8_falls_to_windows_1252() -> None:
    assert "caf\u00e9 \u2019" in decode(xml("caf\u00e9 \u2019", "utf-8", "cp1252"), "application/rss+xml; charset=utf-8").text


def test_one_torn_byte_keeps_utf8() -> None:
    body = xml("\u2018caf\u00e9\u2019 \u2014 ", "utf-8", "utf-8") + b"\xe9\xe9"
    assert decode(body, None).text.startswith(xml("\u2018caf\u00e9\u2019 \u2014 ", "utf-8", "utf-8").decode())


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"])
def test_wide_and_marked(codec: str) -> None:
    assert "<rss>\u00e9\u20ac" in decode(xml("\u00e9\u20ac", "utf-16", codec), None).text


def test_label_of_utf16_on_single_bytes_is_ignored() -> None:
    assert "<rss>plain" in decode(xml("plain", "utf-16", "ascii"), "text/xml; charset=utf-16").text


def test_gzip_file_is_unpacked_within_the_limit() -> None:
    assert inflated(gzip.compress(b"<rss/>"), 10) == b"<rss/>"
    assert inflated(b"\x1f\x8bnot gzip", 10) == b"\x1f\x8bnot gzip"
    with pytest.raises(FeedTooLarge):
        inflated(gzip.compress(b"a" * 1_000_000), 1_000)
