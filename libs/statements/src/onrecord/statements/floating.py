"""Quotations without a frame: a sentence that is nothing but a quotation goes on from the statement before it."""

from onrecord.statements.drafts import Draft, words_in
from onrecord.statements.quotes import Quote
from onrecord.statements.sentences import Sentence

_MIN_FLOATING_WORDS = 3  # shorter ones alone in a sentence are titles, labels and pull-outs
_MAX_GAP_PARAGRAPHS = 1  # a floating paragraph goes on from its neighbour, never across narration


def floating(
    text: str, paragraph: list[Sentence], number: int, drafts: list[Draft], before: list[Draft], before_open: bool
) -> list[Draft]:
    """`drafts` are this paragraph's framed ones, `before` all of the article so far.

    `before_open`: the paragraph before ended inside a quotation that this one's opening mark takes up again.
    """
    found: list[Draft] = []
    for sentence in paragraph:
        units = sentence.units
        if any(unit.quote < 0 and unit.is_word for unit in units) or all(unit.quote < 0 for unit in units):
            continue
        for unit in units:
            if unit.quote < 0:
                continue
            quote = sentence.quotes[unit.quote]
            if _covered(quote, drafts) or words_in(text, quote) < _MIN_FLOATING_WORDS:
                continue
            owner = _owner(quote, drafts, before, number, before_open)
            if owner is not None:
                draft = Draft([(quote.start, quote.end)], [True], "floating", number, continues=owner, flags={"floating"})
                found.append(draft)
    return found


def _covered(quote: Quote, drafts: list[Draft]) -> bool:
    return any(start <= quote.start < end for draft in drafts for start, end in draft.content)


def _owner(quote: Quote, drafts: list[Draft], before: list[Draft], number: int, before_open: bool) -> Draft | None:
    """The framed statement this goes on from; a quotation first in its paragraph may also be framed by what follows it."""
    earlier = [draft for draft in drafts if draft.content[0][0] < quote.start]
    if earlier:
        return _framed(earlier[-1])
    if drafts and "“" in drafts[0].rule:
        return _framed(drafts[0])
    if before and number - before[-1].paragraph <= _MAX_GAP_PARAGRAPHS and (before_open or before[-1].kind != "indirect" or True):
        return _framed(before[-1])
    return _framed(drafts[0]) if drafts else None


def _framed(draft: Draft) -> Draft:
    return draft.continues if draft.continues is not None else draft
