"""The article the project began with: every statement a careful reader must find in it."""

import re
from pathlib import Path

import pytest

from onrecord.statements import Engine, Extracted

TEXT = (Path(__file__).parent / "seed_article.txt").read_text(encoding="utf-8")
AKRAM = "Munir Akram"
REQUIRED = [
    ("“We have informed the Pakistani government", "regional and global security,”", "direct", "said", None),
    ("Islamabad was not only aware", "to restore peace in Ukraine", "mixed", "said", AKRAM),
    ("describing Pakistan’s position", "a contradictory interpretation", "indirect", "said", AKRAM),
    ("“We are advocating for a ceasefire", "with either side,”", "direct", "said", AKRAM),
    ("the resolution addressed some concerns", "did not include other key points", "indirect", "pointed out", AKRAM),
    ("“Russia is concerned about the expansion", "not mentioned in the resolution.”", "direct", "saying", AKRAM),
    ("“It was a kind of unilateral resolution", "resolved through dialogue,”", "direct", "said", AKRAM),
    ("civilian casualties, whether in Ukraine", "should always be condemned", "indirect", "said", AKRAM),
    ("their numbers were not enough", "to defeat Trump’s government", "indirect", "acknowledged", AKRAM),
    ("“It is difficult to verify the facts", "obviously we condemn such acts,”", "direct", "said", AKRAM),
]
WORD = re.compile(r"\w+")


@pytest.fixture(scope="module")
def found() -> list[Extracted]:
    return Engine().extract(TEXT, language="en")


def words(spans: list[tuple[int, int]]) -> set[int]:
    return {match.start() + start for start, end in spans for match in WORD.finditer(TEXT[start:end])}


def closest(found: list[Extracted], start: int, end: int) -> tuple[float, Extracted]:
    gold = words([(start, end)])

    def overlap(statement: Extracted) -> float:
        guess = words([(part.span.start, part.span.end) for part in statement.content])
        return len(gold & guess) / len(gold | guess)

    best = max(found, key=overlap)
    return overlap(best), best


@pytest.mark.parametrize(("first", "last", "kind", "cue", "name"), REQUIRED, ids=[row[0][:24] for row in REQUIRED])
def test_required_statement(found: list[Extracted], first: str, last: str, kind: str, cue: str, name: str | None) -> None:
    start = TEXT.index(first)
    overlap, statement = closest(found, start, TEXT.index(last, start) + len(last))
    assert overlap >= 0.8
    assert statement.kind == kind
    assert statement.cue is not None
    assert TEXT[statement.cue.span.start : statement.cue.span.end] == cue
    assert statement.speaker.name == name


def test_the_spokesman_stays_unnamed_and_the_report_carries_him(found: list[Extracted]) -> None:
    statement = next(one for one in found if TEXT[one.content[0].span.start :].startswith("“We have informed"))
    assert statement.speaker.type == "unnamed"
    assert statement.speaker.role == "State Department spokesman"
    assert statement.via is not None
    assert statement.via.name == "the report"


def test_he_in_the_last_lines_is_proved_by_a_chain(found: list[Extracted]) -> None:
    last = found[-1]
    assert last.speaker.resolution == "pronoun"
    assert [TEXT[span.start : span.end] for span in last.speaker.chain] == ["he", AKRAM]
    assert last.speaker.role == "Pakistan’s ambassador to the UN"
    assert (last.cue.cue_class, last.cue.polarity) == ("say", "affirmed") if last.cue else False


def test_little_else_is_claimed(found: list[Extracted]) -> None:
    assert len(found) <= len(REQUIRED) + 5  # five further ones in this article are defensible and optional
