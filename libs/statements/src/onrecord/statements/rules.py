"""The rules engine: paragraphs, sentences, frames, then speakers. No model, no parser; work grows linearly with the text."""

from dataclasses import dataclass
from datetime import datetime

from onrecord.statements.cast import Cast
from onrecord.statements.drafts import Draft
from onrecord.statements.extracted import Confidence, Extracted, Named, Span, Speaker
from onrecord.statements.floating import floating
from onrecord.statements.foreign import LANGUAGES, direct_quotations
from onrecord.statements.framed import framed, led_in
from onrecord.statements.labels import headline, label, turn, turns
from onrecord.statements.sentences import Sentence, sentences
from onrecord.statements.speakers import Speakers
from onrecord.statements.titles import title_drafts, title_speaker
from onrecord.statements.tokens import Paragraph, paragraphs

RULE_LANGUAGES = frozenset({"en"}) | LANGUAGES

# Share of each rule's predictions that lie on a gold statement of the development news, the calibration of `confidence.span`;
# label, headline and quote-name were too few to count and are estimates.
_SPAN_CONFIDENCE = {
    "quote-cue": 0.96,
    "split-quote": 0.95,
    "cue-quote": 0.9,
    "that": 0.86,
    "clause": 0.84,
    "clause-cue": 0.74,
    "split-clause": 0.83,
    "according-to": 0.95,
    "floating": 0.95,
    "predicate": 0.6,
    "object": 0.7,
    "infinitive": 0.65,
    "object-infinitive": 0.77,
    "headline": 0.8,
    "label": 0.85,
    "quote-name": 0.85,
}


@dataclass(frozen=True, slots=True)
class _Parsed:
    number: int
    paragraph: Paragraph
    sentences: list[Sentence]


def extract_by_rules(
    text: str,
    *,
    language: str,
    title: str | None,
    published_at: datetime | None,  # noqa: ARG001 - every extractor takes it, the rules date nothing
    include_thoughts: bool,
) -> list[Extracted]:
    """`language` is a primary subtag of RULE_LANGUAGES."""
    drafts, cast = _read(text, language, thoughts=include_thoughts)
    speakers = Speakers(cast)
    drafts.sort(key=lambda draft: (draft.content[0][0], draft.content[-1][1]))
    found = _of_title(title, cast, thoughts=include_thoughts) if title and language == "en" else []
    places = {id(draft): index for index, draft in enumerate(drafts, start=len(found))}
    for draft in drafts:
        resolved = speakers.resolve(draft)
        found.append(_extracted(draft, resolved.speaker, resolved.sure, text, places))
    return found


def _of_title(title: str, cast: Cast, *, thoughts: bool) -> list[Extracted]:
    found = []
    for draft in title_drafts(title, thoughts=thoughts):
        speaker, sure = title_speaker(draft, title, cast.names)
        found.append(_extracted(draft, speaker, sure, title, {}))
    return found


def _read(text: str, language: str, *, thoughts: bool) -> tuple[list[Draft], Cast]:
    cast = Cast(text)
    parsed: list[_Parsed] = []
    for number, paragraph in enumerate(paragraphs(text)):
        found = sentences(text, paragraph)
        cast.read(found, number)
        parsed.append(_Parsed(number, paragraph, found))
    speaking = turns([marked[1] for one in parsed if (marked := label(one.sentences))])
    drafts: list[Draft] = []
    for one in parsed:
        if language == "en":
            led_by = parsed[one.number - 1].sentences[-1] if one.number and parsed[one.number - 1].sentences else None
            here = _drafts(text, one, drafts, led_by, speaking, thoughts)
        else:
            here = [draft for sentence in one.sentences for draft in direct_quotations(sentence, one.number, language)]
        if one.paragraph.truncated:
            for draft in here[-1:]:
                draft.flags.add("truncated")
        drafts += here
    return drafts, cast


def _drafts(
    text: str, one: _Parsed, before: list[Draft], led_by: Sentence | None, speaking: frozenset[str], thoughts: bool
) -> list[Draft]:
    marked = label(one.sentences)
    if marked is not None and marked[1] in speaking:
        said = turn(one.sentences, marked[0], one.number, one.paragraph.end)
        return [said] if said else []
    if one.number == 0 and len(one.sentences) == 1:
        head = headline(one.sentences[0], one.number)
        if head is not None:
            return [head]
    here = [draft for sentence in one.sentences for draft in framed(sentence, one.number, thoughts=thoughts)]
    led = led_in(led_by, one.sentences[0], one.number) if led_by and one.sentences else None
    if led is not None and not any(draft.content[0][0] == led.content[0][0] for draft in here):
        here.append(led)
    here.sort(key=lambda draft: draft.content[0][0])
    here += floating(text, one.sentences, one.number, here, before)
    return sorted(here, key=lambda draft: draft.content[0][0])


def _extracted(draft: Draft, speaker: Speaker, sure: float, text: str, places: dict[int, int]) -> Extracted:
    span = _SPAN_CONFIDENCE[draft.rule]
    return Extracted(
        content=draft.parts(),
        kind=draft.kind,
        speaker=speaker,
        confidence=Confidence(span, round(sure, 2), 0.95 if draft.kind != "mixed" else 0.85),
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
