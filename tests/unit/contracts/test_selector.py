import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from onrecord.contracts import ContentPart, Kind, Selector, SelectorLawBroken, Statement, TextField, check_selectors, selectors_in
from onrecord.contracts.selector import CONTEXT_CHARS
from unit.contracts.strategies import events, sources_and_spans

Span = tuple[str, int, int]


class Holder(BaseModel):
    spans: tuple[Selector, ...]


@given(sources_and_spans())
def test_selector_of_any_text_holds_the_law(span: Span) -> None:
    source, start, end = span
    found = Selector.of(source, start, end)
    assert source[found.start : found.end] == found.exact
    assert source[: found.start].endswith(found.prefix)
    assert source[found.end :].startswith(found.suffix)
    assert len(found.prefix) == min(start, CONTEXT_CHARS)
    assert len(found.suffix) == min(len(source) - end, CONTEXT_CHARS)
    check_selectors(Holder(spans=(found,)), text=source, title="")


@given(sources_and_spans(), st.integers(-5, 5))
def test_a_shifted_selector_is_refused(span: Span, shift: int) -> None:
    source, start, end = span
    moved_start, moved_end = start + shift, end + shift
    assume(moved_start >= 0)
    assume(source[moved_start:moved_end] != source[start:end])
    moved = Selector.of(source, start, end).model_copy(update={"start": moved_start, "end": moved_end})
    with pytest.raises(SelectorLawBroken):
        check_selectors(Holder(spans=(Selector.of(source, start, end), moved)), text=source, title="")


@given(sources_and_spans(), st.integers(-3, 3).filter(bool))
def test_length_of_exact_is_part_of_the_selector(span: Span, longer: int) -> None:
    source, start, end = span
    with pytest.raises(ValidationError, match="does not have the length"):
        Selector(**{**Selector.of(source, start, end).model_dump(), "end": end + longer})


def test_offsets_are_code_points_not_utf16_units() -> None:
    found = Selector.of("🚢 said", 2, 6)
    assert (found.exact, found.start, found.end, found.prefix) == ("said", 2, 6, "🚢 ")


def test_title_selectors_point_into_the_title() -> None:
    holder = Holder(spans=(Selector.of("A title", 2, 7, TextField.TITLE),))
    check_selectors(holder, text="", title="A title")
    with pytest.raises(SelectorLawBroken, match="title"):
        check_selectors(holder, text="A title", title="")


def test_of_builds_the_selector_it_is_called_on() -> None:
    part = ContentPart(**Selector.parts("He said so", 3, 7), part=Kind.direct)
    assert (part.exact, part.part) == ("said", Kind.direct)


@given(events(Statement))
def test_every_selector_of_a_statement_is_found(statement: Statement) -> None:
    expected = [*statement.content, *(statement.speaker.chain or ())]
    named = (statement.cue, statement.addressee, statement.via, statement.said_at_place)
    expected += [part.selector for part in named if part and part.selector]
    expected += [statement.speaker.mention] if statement.speaker.mention else []
    found = list(selectors_in(statement))
    assert len(found) == len(expected)
    assert all(selector in found for selector in expected)
