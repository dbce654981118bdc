from hypothesis import given
from hypothesis import strategies as st

from onrecord.extractor.domain.clean import clean_line, clean_text


def test_control_bidi_and_invisible_characters_go() -> None:
    assert clean_text("a\x00b\x07 \u202egpj.exe\u202c so\xadft \ufeffend\ufffe \ud800", 100) == "ab gpj.exe soft end"


def test_paragraphs_are_lines_without_empty_ones() -> None:
    assert clean_text("  One \t two\r\n\r\n\n three\u2028four ", 100) == "One two\nthree\nfour"


def test_text_is_nfc_and_capped_after_it() -> None:
    assert clean_text("Cafe\u0301", 100) == "Café"
    assert len(clean_text("\ufb2c" * 50, 60)) == 60  # NFC makes three characters of one


def test_what_is_no_text_gives_an_empty_line() -> None:
    assert clean_line(None, 10) == ""
    assert clean_line(["x"], 10) == ""
    assert clean_line("a\nb", 10) == "a b"


@given(st.text(alphabet=st.characters(), max_size=200))
def test_cleaning_is_idempotent_and_encodable(raw: str) -> None:
    once = clean_text(raw, 500)
    once.encode()
    assert clean_text(once, 500) == once
