"""Which text is the article's: trafilatura's, unless it broke off or found nothing."""

from collections import Counter
from collections.abc import Iterator

from lxml import html

from onrecord.extractor.adapters.embedded import embedded_text
from onrecord.extractor.adapters.html import MAX_HEAVY_ELEMENTS, main_text, prune
from onrecord.extractor.adapters.paragraphs import collect_paragraphs
from onrecord.extractor.domain.clean import clean_text
from onrecord.extractor.domain.errors import NoText
from onrecord.extractor.domain.facts import Structured
from onrecord.extractor.domain.page import Limit
from onrecord.extractor.domain.slim import Slimmed
from onrecord.extractor.domain.title import words

MAX_TEXT_CHARS = 1_000_000
MIN_TEXT_CHARS = 200  # of Latin script; an ideograph counts for more
CHARS_PER_IDEOGRAPH = 2.5
MIN_VISIBLE_SHARE = 0.01  # less is a caption saved from a page that was lost
STANDS_ALONE_CHARS = 1_000  # this much prose is an article, whatever else the page shows
MIN_AGREEMENT = 0.8  # of trafilatura's fast mode with the collector: below it half the time saved is not worth the risk
BROKEN_OFF_SHARE = 1 / 3  # of the collector's text: a third, word for word, is an extraction that stopped early
CONTAINED_SHARE = 0.95
MIN_MISSED_CHARS = 100  # median of the missed paragraphs: menus and teasers are shorter


def article_text(
    tree: html.HtmlElement, slimmed: Slimmed, markup: str, structured: Structured, url: str
) -> tuple[str, tuple[Limit, ...]]:
    """Clean text and the bounds that were met; `tree` is pruned. Raises NoText where no reading of the page gives an article."""
    limits = set(slimmed.limits)
    prune(tree)
    second = _clean(collect_paragraphs(tree))
    first = ""
    if slimmed.elements > MAX_HEAVY_ELEMENTS:
        limits.add(Limit.html_too_complex)
    else:
        first = _clean(main_text(tree, url, thorough=False))
        if overlap(first, second) < MIN_AGREEMENT:
            first = _clean(main_text(tree, url, thorough=True))
    text = second if _broke_off(first, second) else first
    if not _is_enough(text, slimmed):
        text = next((other for other in _rescues(second, markup, structured) if _is_enough(other, slimmed)), "")
    if not text:
        raise NoText
    if len(text) > MAX_TEXT_CHARS:
        limits.add(Limit.text_too_long)
        text = text[:MAX_TEXT_CHARS].rstrip()
    return text, tuple(sorted(limits))


def overlap(one: str, other: str) -> float:
    """How far two texts have the same words, as often: 0 to 1."""
    a, b = Counter(one.split()), Counter(other.split())
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0


def _clean(text: str) -> str:
    return clean_text(text, MAX_TEXT_CHARS + 1)


def _rescues(second: str, markup: str, structured: Structured) -> Iterator[str]:
    yield second
    if structured.free is not False:  # what a paywall hides stays hidden
        yield _clean(structured.body)
        yield _clean(embedded_text(markup))


def _is_enough(text: str, slimmed: Slimmed) -> bool:
    return _length(text) >= MIN_TEXT_CHARS and len(text) >= min(MIN_VISIBLE_SHARE * slimmed.visible_chars, STANDS_ALONE_CHARS)


def _length(text: str) -> float:
    start = text[:MIN_TEXT_CHARS]
    return len(text) + (CHARS_PER_IDEOGRAPH - 1) * sum(1 for char in start if "\u3040" <= char <= "\u9fff")


def _broke_off(first: str, second: str) -> bool:
    if not first or len(first) >= BROKEN_OFF_SHARE * len(second):
        return False
    mine, theirs = set(words(first)), set(words(second))
    missed = sorted(len(line) for line in second.split("\n") if line not in first)
    return len(mine & theirs) >= CONTAINED_SHARE * len(mine) and missed[len(missed) // 2] >= MIN_MISSED_CHARS
