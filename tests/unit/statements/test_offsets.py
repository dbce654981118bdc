"""Offsets are code points of the text as given, whatever it holds."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.statements import Engine, Extracted, Span

ENGINE = Engine()
PIECES = st.sampled_from(
    [
        "“", "”", '"', "'", "‘", "’", "''", "«", "»", "「", "」", "Jane Doe", "José", "Jose\u0301", "he", "she",
        "said", "says", "told", "that", "adding", "according to", ",", ".", "?", ":", " ", " ", " ", "\n",
        "the plan was", "it", "and", "but", "called", "a", "👩‍🚒", "𝒜nn", "Z͑ͫ", "\u202e", "U.S.", "who", "(", ")",
        "accused", "of", "as", "described", "to", "urged", "reporters", "—",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map(" ".join) | st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200)


def spans(statement: Extracted) -> list[Span]:
    found = [part.span for part in statement.content]
    found += [statement.cue.span] if statement.cue else []
    found += [statement.source] if statement.source else []
    found += [named.span for named in (statement.addressee, statement.via) if named]
    return found + list(statement.speaker.chain)


@settings(max_examples=400, deadline=None)
@given(text=TEXTS, title=TEXTS)
def test_every_span_lies_in_its_field_and_parts_stand_in_order(text: str, title: str) -> None:
    fields = {"text": text, "title": title}
    found = ENGINE.extract(text, language="en", title=title, include_thoughts=True)
    for index, statement in enumerate(found):
        for span in spans(statement):
            assert 0 <= span.start < span.end <= len(fields[span.field])
            assert fields[span.field][span.start : span.end].strip()
        parts = [part.span for part in statement.content]
        assert all(a.end <= b.start for a, b in pairwise(parts))
        assert all(
            0 <= value <= 1 for value in (statement.confidence.span, statement.confidence.speaker, statement.confidence.kind)
        )
        assert statement.continues is None or (0 <= statement.continues < len(found) and statement.continues != index)
        assert (statement.speaker.name is None) or statement.speaker.name.strip()


@settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_no_content_covers_its_own_cue(text: str) -> None:
    for statement in ENGINE.extract(text, language="en"):
        if statement.cue is not None:
            cue = statement.cue.span
            assert all(part.span.end <= cue.start or part.span.start >= cue.end for part in statement.content)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("before", ["", "👩‍🚒 ", "𝒜𝒷\n", "Z\u0351\u036b\n"])
def test_offsets_hold_for_the_text_as_given(form: str, before: str) -> None:
    text = before + unicodedata.normalize(form, "“Il pleut à Orléans,” José Doé said.")
    (statement,) = ENGINE.extract(text, language="en")
    span = statement.content[0].span
    assert unicodedata.normalize("NFC", text[span.start : span.end]) == "“Il pleut à Orléans,”"
    assert statement.speaker.name == unicodedata.normalize(form, "José Doé")


def test_a_paragraph_of_unseen_characters_is_no_paragraph() -> None:
    text = "Jane Doe said:\n\u202e\n“It will rain today,” Jane Doe said.\n\u2066\u2069"
    assert len(ENGINE.extract(text, language="en")) == 1
