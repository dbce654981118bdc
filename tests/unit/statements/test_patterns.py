"""One small text per pattern: what is conveyed, by which cue, from whom."""

import pytest

from onrecord.statements import Engine, Extracted

ENGINE = Engine()


def read(text: str, **options: object) -> list[Extracted]:
    return ENGINE.extract(text, language="en", **options)  # type: ignore[arg-type]


def contents(text: str, statement: Extracted) -> list[str]:
    return [text[part.span.start : part.span.end] for part in statement.content]


def source(text: str, statement: Extracted) -> str | None:
    return text[statement.source.start : statement.source.end] if statement.source else None


CASES = [
    ("“It will rain today,” Jane Doe said.", ["“It will rain today,”"], "said", "Jane Doe", "direct"),
    ("“It will rain today,” said Jane Doe.", ["“It will rain today,”"], "said", "Jane Doe", "direct"),
    ('"It will rain today," Jane Doe said.', ['"It will rain today,"'], "said", "Jane Doe", "direct"),
    ("'It will rain today,' Jane Doe said.", ["'It will rain today,'"], "said", "Jane Doe", "direct"),
    ("''It will rain today,'' Jane Doe said.", ["''It will rain today,''"], "said", "Jane Doe", "direct"),
    ("«It will rain today», said Jane Doe.", ["«It will rain today»"], "said", "Jane Doe", "direct"),
    ("Jane Doe said: “It will rain today.”", ["“It will rain today.”"], "said", "Jane Doe", "direct"),
    ("Jane Doe said, “It will rain today.”", ["“It will rain today.”"], "said", "Jane Doe", "direct"),
    ("Jane Doe said it would rain today.", ["it would rain today"], "said", "Jane Doe", "indirect"),
    ("Jane Doe said on Monday that it would rain.", ["it would rain"], "said", "Jane Doe", "indirect"),
    ("It would rain today, Jane Doe said.", ["It would rain today"], "said", "Jane Doe", "indirect"),
    ("Jane Doe said it was “a wet day” for all.", ["it was “a wet day” for all"], "said", "Jane Doe", "mixed"),
    ("According to Jane Doe, it would rain today.", ["it would rain today"], "According to", "Jane Doe", "indirect"),
    ("It would rain today, according to Jane Doe.", ["It would rain today"], "according to", "Jane Doe", "indirect"),
    ("Jane Doe told reporters that it would rain.", ["it would rain"], "told", "Jane Doe", "indirect"),
    ("Jane Doe urged people to stay at home.", ["people to stay at home"], "urged", "Jane Doe", "indirect"),
    ("Jane Doe called the plan a disaster.", ["the plan a disaster"], "called", "Jane Doe", "indirect"),
    ("Jane Doe accused the mayor of lying.", ["the mayor of lying"], "accused", "Jane Doe", "indirect"),
    ("Jane Doe described the plan as “crazy”.", ["the plan as “crazy”"], "described", "Jane Doe", "mixed"),
    ("Jane Doe vowed to fight the plan.", ["to fight the plan"], "vowed", "Jane Doe", "indirect"),
    ("Jane Doe denied any wrongdoing.", ["any wrongdoing"], "denied", "Jane Doe", "indirect"),
    ("Jane Doe called for an inquiry.", ["an inquiry"], "called for", "Jane Doe", "indirect"),
    ("“It will rain,” Jane Doe said, “and then stop.”", ["“It will rain,”", "“and then stop.”"], "said", "Jane Doe", "direct"),
    (
        "The storm, Jane Doe said, was the worst in years.",
        ["The storm", "was the worst in years"],
        "said",
        "Jane Doe",
        "indirect",
    ),
    ("“Really?” Jane Doe asked.", ["“Really?”"], "asked", "Jane Doe", "direct"),
    ("Sen. Jane Doe (R-Ga.) said it would rain.", ["it would rain"], "said", "Sen. Jane Doe (R-Ga.)", "indirect"),
    ("Jane Doe, the mayor of Rome, said it would rain.", ["it would rain"], "said", "Jane Doe, the mayor of Rome", "indirect"),
]


@pytest.mark.parametrize(("text", "content", "cue", "who", "kind"), CASES, ids=[case[0][:40] for case in CASES])
def test_pattern(text: str, content: list[str], cue: str, who: str, kind: str) -> None:
    (statement,) = read(text)
    assert contents(text, statement) == content
    assert statement.cue is not None
    assert text[statement.cue.span.start : statement.cue.span.end] == cue
    assert source(text, statement) == who
    assert statement.kind == kind
    assert statement.speaker.name == "Jane Doe"


@pytest.mark.parametrize(
    "text",
    [
        "The “crazy” plan was dropped on Monday.",
        "The claims were rejected by the court.",
        "He is alleged to have taken money.",
        "They called off the search at noon.",
        "She told a story.",
        "",
        "   \n\n  ",
    ],
)
def test_what_is_no_statement(text: str) -> None:
    assert read(text) == []


def test_two_cues_on_one_subject_share_the_source() -> None:
    text = "Jane Doe said it would rain, adding that roads were closed."
    first, second = read(text)
    assert contents(text, first) == ["it would rain"]
    assert contents(text, second) == ["roads were closed"]
    assert first.source == second.source


def test_conjoined_cues() -> None:
    text = "Jane Doe denied the charge and accused the mayor of theft."
    first, second = read(text)
    assert (contents(text, first), contents(text, second)) == (["the charge"], ["the mayor of theft"])
    assert first.cue is not None
    assert second.cue is not None
    assert (first.cue.cue_class, second.cue.cue_class) == ("deny", "accuse")
    assert second.speaker.name == "Jane Doe"


def test_a_floating_quotation_continues_the_framed_one() -> None:
    text = "“It will rain,” Jane Doe said. “Take an umbrella with you.”"
    framed, floating = read(text)
    assert floating.cue is None
    assert floating.source is None
    assert floating.continues == 0
    assert floating.flags == {"floating"}
    assert (floating.speaker.name, floating.speaker.resolution) == ("Jane Doe", "floating")
    assert framed.continues is None


def test_a_quotation_that_opens_every_paragraph() -> None:
    text = "“It will rain all day in the north,” Jane Doe said.\n“It will be dry in the south.\n“And that is all I know.”"
    statements = read(text)
    assert [contents(text, one)[0] for one in statements[1:]] == ["“It will be dry in the south.", "“And that is all I know.”"]
    assert {one.speaker.name for one in statements} == {"Jane Doe"}


def test_negated_cue() -> None:
    (statement,) = read("Jane Doe did not say that it would rain.")
    assert statement.cue is not None
    assert statement.cue.polarity == "negated"


def test_addressee() -> None:
    text = "Jane Doe told the Daily Planet that it would rain."
    (statement,) = read(text)
    assert statement.addressee is not None
    assert statement.addressee.name == "the Daily Planet"


def test_thoughts_only_on_request() -> None:
    text = "Jane Doe believes that it will rain."
    assert read(text) == []
    (statement,) = read(text, include_thoughts=True)
    assert contents(text, statement) == ["it will rain"]


def test_headline() -> None:
    title = "Doe Says Rain Is Coming"
    statements = read("Jane Doe, the mayor, met the press. She was tired.", title=title)
    (headline,) = statements
    assert headline.field == "title"
    assert "in_headline" in headline.flags
    assert title[headline.content[0].span.start : headline.content[0].span.end] == "Rain Is Coming"
    assert headline.speaker.name == "Jane Doe"
    assert [span.field for span in headline.speaker.chain] == ["title", "text"]


def test_headline_with_a_colon() -> None:
    (headline,) = read("Nothing was said.", title="Jane Doe: rain is on its way")
    assert headline.rule == "headline"
    assert headline.speaker.name == "Jane Doe"


def test_interview_labels() -> None:
    text = "Q: Will it rain today?\nDOE: It will, and for a long time.\nQ: And in the south?\nDOE: No, it will be dry there."
    statements = read(text)
    assert [one.rule for one in statements] == ["label"] * 4
    assert contents(text, statements[1]) == ["It will, and for a long time."]
    assert {one.speaker.resolution for one in statements} == {"label"}


def test_a_cue_before_the_break_introduces_the_quotation_after_it() -> None:
    text = "Jane Doe said:\n“It will rain in the north.”"
    (statement,) = read(text)
    assert contents(text, statement) == ["“It will rain in the north.”"]
    assert statement.speaker.name == "Jane Doe"


def test_a_closing_mark_typed_as_an_opening_one() -> None:
    text = "“It will rain,“ said Jane Doe. “Take care of yourself.“"
    assert [contents(text, one)[0] for one in read(text)] == ["“It will rain,“", "“Take care of yourself.“"]
