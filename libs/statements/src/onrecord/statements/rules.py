"""The rules engine: paragraphs, sentences, frames, then speakers. No model, no parser; work grows linearly with the text."""

from dataclasses import dataclass
from datetime import datetime

from onrecord.statements.cast import Cast
from onrecord.statements.drafts import Draft
from onrecord.statements.extracted import Confidence, Extracted, Named, Span
from onrecord.statements.floating import floating
from onrecord.statements.framed import framed
from onrecord.statements.labels import headline, label, turn, turns
from onrecord.statements.sentences import Sentence, sentences
from onrecord.statements.speakers import Resolved, Speakers
from onrecord.statements.tokens import Paragraph, paragraphs

RULE_LANGUAGES = frozenset({"en"})

# Share of predictions of each rule that matched gold on the development news, rounded; the calibration of `confidence.span`.
_SPAN_CONFIDENCE = {
    "quote-cue": 0.9, "split-quote": 0.85, "cue-quote": 0.9, "that": 0.8, "clause": 0.75, "clause-cue": 0.8, "split-clause": 0.7,
    "according-to": 0.75, "floating": 0.75, "predicate": 0.6, "object": 0.5, "infinitive": 0.6, "object-infinitive": 0.6, "headline": 0.7, "label": 0.85,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Parsed:
    """`open`: the paragraph ends inside a quotation."""

    number: int
    paragraph: Paragraph
    sentences: list[Sentence]
    open: bool


def extract_by_rules(
    text: str, *, language: str, title: str | None, published_at: datetime | None, include_thoughts: bool
) -> list[Extracted]:
    """`language` is a primary subtag of RULE_LANGUAGES; `published_at` dates nothing in the rules."""
    drafts, cast = _read(text, thoughts=include_thoughts)
    speakers = Speakers(cast)
    drafts.sort(key=lambda draft: (draft.content[0][0], draft.content[-1][1]))
    places = {id(draft): index for index, draft in enumerate(drafts)}
    return [_extracted(draft, speakers.resolve(draft), text, places) for draft in drafts]


def _read(text: str, *, thoughts: bool) -> tuple[list[Draft], Cast]:
    cast = Cast(text)
    parsed: list[_Parsed] = []
    for number, paragraph in enumerate(paragraphs(text)):
        found, quotes = sentences(text, paragraph)
        cast.read(found, number)
        parsed.append(_Parsed(number, paragraph, found, bool(quotes) and not quotes[-1].closed))
    speaking = turns([marked[1] for one in parsed if (marked := label(one.sentences))])
    drafts: list[Draft] = []
    for one in parsed:
        open_before = one.number > 0 and parsed[one.number - 1].open
        here = _drafts(text, one, drafts, open_before, speaking, thoughts)
        if one.paragraph.truncated:
            for draft in here[-1:]:
                draft.flags.add("truncated")
        drafts += here
    return drafts, cast


def _drafts(
    text: str, one: _Parsed, before: list[Draft], open_before: bool, speaking: frozenset[str], thoughts: bool
) -> list[Draft]:
    marked = label(one.sentences)
    if marked is not None and marked[1] in speaking:
        said = turn(one.sentences, marked[0], one.number)
        return [said] if said else []
    if one.number == 0 and len(one.sentences) == 1:
        head = headline(one.sentences[0], one.number)
        if head is not None:
            return [head]
    here = [draft for sentence in one.sentences for draft in framed(sentence, one.number, thoughts=thoughts)]
    here += floating(text, one.sentences, one.number, here, before, open_before)
    return sorted(here, key=lambda draft: draft.content[0][0])


def _extracted(draft: Draft, resolved: Resolved, text: str, places: dict[int, int]) -> Extracted:
    span = _SPAN_CONFIDENCE[draft.rule]
    return Extracted(
        content=draft.parts(),
        kind=draft.kind,
        speaker=resolved.speaker,
        confidence=Confidence(span, round(resolved.sure, 2), 0.95 if draft.kind != "mixed" else 0.85),
        rule=draft.rule,
        cue=draft.cue,
        source=Span(*draft.source, draft.where) if draft.source else None,
        addressee=_named(draft.addressee, text, draft),
        via=_named(draft.via, text, draft),
        continues=places.get(id(draft.continues)) if draft.continues else None,
        flags=frozenset(draft.flags),
    )


def _named(span: tuple[int, int] | None, text: str, draft: Draft) -> Named | None:
    return Named(" ".join(text[span[0] : span[1]].split()), Span(*span, draft.where)) if span else None
