"""Quotations without a frame: a sentence that is nothing but a quotation goes on from the statement before it."""

from bisect import bisect_left, bisect_right

from onrecord.statements.drafts import Draft, words_in
from onrecord.statements.quotes import Quote
from onrecord.statements.sentences import Sentence

_MIN_FLOATING_WORDS = 3  # shorter ones alone in a sentence are titles, labels and pull-outs
_MAX_GAP_PARAGRAPHS = 1  # a floating paragraph goes on from its neighbour, never across narration


def floating(text: str, paragraph: list[Sentence], number: int, drafts: list[Draft], before: list[Draft]) -> list[Draft]:
    """`drafts` are this paragraph's framed ones in reading order, `before` all of the article so far."""
    found: list[Draft] = []
    starts = [draft.content[0][0] for draft in drafts]
    covered = sorted(part for draft in drafts for part in draft.content)
    for sentence in paragraph:
        units = sentence.units
        if any(unit.quote < 0 and unit.is_word for unit in units) or all(unit.quote < 0 for unit in units):
            continue
        for unit in units:
            if unit.quote < 0:
                continue
            quote = sentence.quotes[unit.quote]
            if _covered(quote, covered) or words_in(text, quote) < _MIN_FLOATING_WORDS:
                continue
            owner = _owner(drafts, bisect_left(starts, quote.start), before, number)
            if owner is not None:
                draft = Draft([(quote.start, quote.end)], [True], "floating", number, continues=owner, flags={"floating"})
                found.append(draft)
    return found


def _covered(quote: Quote, contents: list[tuple[int, int]]) -> bool:
    at = bisect_right(contents, (quote.start, quote.end)) - 1
    return any(start <= quote.start < end for start, end in contents[max(0, at - 1) : at + 2])


def _owner(drafts: list[Draft], earlier: int, before: list[Draft], number: int) -> Draft | None:
    """The framed statement this goes on from: in its paragraph, else in the one before, else the one that follows it."""
    if earlier:
        return _framed(drafts[earlier - 1])
    if before and number - before[-1].paragraph <= _MAX_GAP_PARAGRAPHS:
        return _framed(before[-1])
    return _framed(drafts[0]) if drafts else None


def _framed(draft: Draft) -> Draft:
    return draft.continues if draft.continues is not None else draft
