"""Statements of a headline: the same frames, its own field, speakers looked up in the article below it."""

from onrecord.statements.drafts import Draft
from onrecord.statements.extracted import Resolution, Span, Speaker
from onrecord.statements.framed import framed
from onrecord.statements.labels import headline
from onrecord.statements.names import Name, Names, Run, bare, type_of
from onrecord.statements.sentences import sentences
from onrecord.statements.tokens import paragraphs, tokenize
from onrecord.statements.words import TITLES


def title_drafts(title: str, *, thoughts: bool) -> list[Draft]:
    found: list[Draft] = []
    for number, paragraph in enumerate(paragraphs(title)):
        for sentence in sentences(title, paragraph):
            said = headline(sentence, number)
            found += [said] if said else framed(sentence, number, thoughts=thoughts)
    for draft in found:
        _into_title(draft)
    return found


def _into_title(draft: Draft) -> None:
    draft.where = "title"
    draft.flags.add("in_headline")
    if draft.cue is not None:
        cue = draft.cue
        draft.cue = type(cue)(Span(cue.span.start, cue.span.end, "title"), cue.lemma, cue.cue_class, cue.polarity)


def title_speaker(draft: Draft, title: str, names: Names) -> tuple[Speaker, float]:
    """A name of the article when the headline's words are one or shorten one; else the words as they stand, or nobody."""
    if draft.source is None:
        return Speaker("unknown", "none"), 0.2
    mention = Span(*draft.source, "title")
    words = tuple(bare(token.text) for token in tokenize(title, *draft.source) if token.is_word)
    named = tuple(word for word in words if word[0].isupper() and word.casefold() not in TITLES)
    known = _known(named, names)
    if known is not None:
        resolution: Resolution = "full_name" if known.words == named else "partial_name"
        kind = "person" if known.type == "unknown" else known.type
        return Speaker(kind, resolution, known.text, known.role, (mention, Span(*known.first))), 0.85
    if len(named) == len(words) >= 2:
        run = Run(named, (), *draft.source, opens_sentence=True)
        return Speaker(type_of(run), "full_name", " ".join(named), None, (mention,)), 0.5
    return Speaker("unnamed", "role", None, " ".join(words), (mention,)), 0.5


def _known(words: tuple[str, ...], names: Names) -> Name | None:
    if not words:
        return None
    return names.find(words) or names.find(words[-1:])
