import pytest

from onrecord.extractor.domain.charset import codec_of, decode_html
from onrecord.extractor.domain.errors import NotHtml
from onrecord.text import CODEC_BY_LABEL

GERMAN = "<html><body><p>Die Übergröße war größer als früher, sagte Jürgen Müller am Dienstag in Köln.</p></body></html>"
RUSSIAN = "<html><body><p>" + "Министр заявил во вторник, что план будет выполнен. " * 5 + "</p></body></html>"


def test_a_bom_wins_over_every_declaration() -> None:
    assert decode_html(b"\xff\xfe" + GERMAN.encode("utf-16-le"), "utf-8") == GERMAN
    assert decode_html(b"\xef\xbb\xbf" + GERMAN.encode(), "iso-8859-1") == GERMAN


def test_http_charset_decodes_a_legacy_page() -> None:
    assert decode_html(RUSSIAN.encode("cp1251"), "windows-1251") == RUSSIAN


def test_meta_charset_decodes_where_http_says_nothing() -> None:
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=shift_jis"></head><body>記事の本文</body></html>'
    )
    assert decode_html(page.encode("cp932"), None) == page


def test_xml_declaration_is_read() -> None:
    page = '<?xml version="1.0" encoding="koi8-r"?>' + RUSSIAN
    assert decode_html(page.encode("koi8-r"), None) == page


def test_valid_utf8_beats_a_declaration_that_was_left_over() -> None:
    page = '<meta charset="gb2312"><p>航天技术更好惠及人民</p>'
    assert decode_html(page.encode(), "gb2312") == page


def test_statistics_tell_an_undeclared_charset() -> None:
    assert decode_html(RUSSIAN.encode("cp1251"), None) == RUSSIAN


def test_ascii_bytes_of_an_escaping_charset_are_decoded_as_declared() -> None:
    page = '<meta charset="iso-2022-jp"><p>記事の本文</p>'
    assert decode_html(page.encode("iso2022-jp"), None) == page


@pytest.mark.parametrize(
    "label", ["idna", "punycode", "unicode_escape", "undefined", "rot13", "zlib", "utf-7", "utf_8_sig", "no-such"]
)
def test_outside_text_never_names_a_python_codec(label: str) -> None:
    assert codec_of(label) is None
    assert decode_html(GERMAN.encode(), label) == GERMAN


def test_every_codec_of_the_table_exists() -> None:
    for label, codec in CODEC_BY_LABEL.items():
        assert "a".encode(codec).decode(codec) == "a", label


def test_bytes_without_a_tag_are_no_page() -> None:
    with pytest.raises(NotHtml):
        decode_html(b"just words", None)
