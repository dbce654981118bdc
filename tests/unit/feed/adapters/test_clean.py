import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.feed.adapters.markup import plain_text
from onrecord.text import clean_line, clean_text

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
BIDI = "\u061c\u200e\u200f" + "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


@given(ANY_TEXT, st.integers(min_value=0, max_value=200))
def test_clean_text_is_safe_bounded_and_stable(text: str, cap: int) -> None:
    cleaned = clean_text(text, max_chars=cap).text
    assert len(cleaned) <= cap
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean_text(cleaned, max_chars=cap) == (cleaned, False)
    assert cleaned.encode().decode() == cleaned
    for character in cleaned:
        assert character in "\t\n" or unicodedata.category(character) not in ("Cc", "Cs")
        assert character not in BIDI
        assert not 0xFDD0 <= ord(character) <= 0xFDEF
        assert ord(character) & 0xFFFE != 0xFFFE


@given(ANY_TEXT)
def test_clean_line_has_no_line_ends(text: str) -> None:
    line = clean_line(text, max_chars=100).text
    assert line == " ".join(line.split())
    assert clean_line(line, max_chars=100).text == line


@given(st.text(st.sampled_from("<>!-/ab&;#x[]\"'="), max_size=200))
def test_plain_text_takes_anything(markup: str) -> None:
    assert len(plain_text(markup)) <= len(markup)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("AT&amp;T <b>wins</b>", "AT&T wins"),
        ("a < b and c > d", "a < b and c > d"),
        ("<p>One</p><p>two</p>", "One two"),
        ("<script>var a = '<p>';</script>kept", "kept"),
        ("<STYLE>p {}</style >kept<style>p", "kept p"),
        ("open <a href='x", "open <a href='x"),
    ],
)
def test_plain_text(markup: str, words: str) -> None:
    assert clean_line(plain_text(markup), max_chars=100).text == words


@pytest.mark.parametrize("piece", ["<", "<script>", "<b ", "<!--", "</script", "&", "&#", "<style><script>"])
def test_plain_text_is_linear(piece: str) -> None:
    started = time.process_time()
    plain_text(piece * 300_000)
    assert time.process_time() - started < 2


def test_cut_is_told() -> None:
    assert clean_text("abc", max_chars=3) == ("abc", False)
    assert clean_text("abcd", max_chars=3) == ("abc", True)
    assert clean_text("\u202eabc\u0000", max_chars=3) == ("abc", False)


def test_lines_end_in_line_feeds() -> None:
    assert clean_text("a\r\nb\rc\u2028d\x85e", max_chars=20).text == "a\nb\nc\nd\ne"
