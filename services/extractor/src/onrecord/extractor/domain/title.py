"""The headline: what most witnesses call the article."""

import re
import unicodedata
from collections.abc import Iterable

from onrecord.extractor.domain.facts import Head, Structured

MIN_HEADING_WORDS = 3  # shorter headings are section names as often as headlines
MIN_HEADING_IDEOGRAPHS = 6  # where words are not spaced
MIN_AGREEMENT = 0.5  # of word sets: two wordings of one headline share at least half
SAME_TITLE = 0.85
MAX_KICKER_WORDS = 2  # "News", "Live updates" before the headline in one element
MAX_SITE_WORDS = 5  # a longer part after a bar is a second half of the headline
MAX_LINES_TO_HEADLINE = 4  # a section name, a date and a kicker may stand above it
MAX_LABEL_CHARS = 80  # longer lines are prose
MAX_TITLE_CHARS = 500
_SEPARATOR = re.compile(r"\s+(?:[|–—\-·•»«:]|::|--)\s+|\s*[|｜ㅣ]\s*|\s+[|–—-](?=\S)")
_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+")
_IDEOGRAPH = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


def words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def agreement(one: str, other: str) -> float:
    """Jaccard of the word sets, 0 to 1."""
    a, b = set(words(one)), set(words(other))
    return len(a & b) / len(a | b) if a and b else 0.0


def title_of(head: Head, structured: Structured, sites: Iterable[str], feed_title: str | None) -> str:
    """The best headline; empty where no witness has one.

    A heading that stands alone, else the heading that the other witnesses know, else the structured headline; the feed's
    title chooses among them, and stands in where the page has none.
    """
    names = {words(site) for site in sites if site}
    witnesses = [
        title
        for raw in (structured.headline, head.first("og:title"), head.first("twitter:title"), head.title)
        if (title := without_site(raw, names)) and words(title) not in names
    ]
    feed = without_site(feed_title or "", names)
    headings = [heading for heading in head.headings if words(heading) not in names]
    if feed and (known := _most_like(feed, [*headings, *witnesses], SAME_TITLE)):
        return _without_kicker(known, [feed, *witnesses])[:MAX_TITLE_CHARS]
    heading = _heading(headings, [*witnesses, feed] if feed else witnesses)
    chosen = heading or next(iter(witnesses), "") or feed or next(iter(headings), "")
    return _without_kicker(chosen, witnesses)[:MAX_TITLE_CHARS]


def without_headline(text: str, title: str, authors: tuple[str, ...]) -> str:
    """`text` without the headline, and what stands above it and signs below it: the title is a field of its own."""
    lines = text.split("\n")
    own = words(title)
    at = next((rank for rank, line in enumerate(lines[:MAX_LINES_TO_HEADLINE]) if own and words(line) == own), None)
    if at is None or any(len(line) > MAX_LABEL_CHARS for line in lines[:at]):
        return text
    rest = lines[at + 1 :]
    while rest and len(rest[0]) <= MAX_LABEL_CHARS and any(author in rest[0] for author in authors):
        rest = rest[1:]
    return "\n".join(rest) or text


def _heading(headings: list[str], witnesses: list[str]) -> str:
    full = [heading for heading in headings if _is_full(heading)]
    if not witnesses:
        return full[0] if len(full) == 1 else ""
    if len(full) == 1 and len(headings) == 1 and any(set(words(full[0])) & set(words(other)) for other in witnesses):
        return full[0]
    scored = [(max(agreement(heading, other) for other in witnesses), -rank, heading) for rank, heading in enumerate(headings)]
    best = max(scored, default=(0.0, 0, ""))
    return best[2] if best[0] >= MIN_AGREEMENT else ""


def _is_full(heading: str) -> bool:
    return len(words(heading)) >= MIN_HEADING_WORDS or len(_IDEOGRAPH.findall(heading)) >= MIN_HEADING_IDEOGRAPHS


def _most_like(title: str, candidates: list[str], least: float) -> str:
    scored = [(agreement(title, candidate), -rank, candidate) for rank, candidate in enumerate(candidates)]
    best = max(scored, default=(0.0, 0, ""))
    return best[2] if best[0] >= least else ""


def _without_kicker(title: str, witnesses: list[str]) -> str:
    mine = words(title)
    for other in witnesses:
        theirs = words(other)
        extra = len(mine) - len(theirs)
        if len(theirs) >= MIN_HEADING_WORDS and 0 < extra <= MAX_KICKER_WORDS and mine[extra:] == theirs:
            return other
    return title


def without_site(title: str, names: set[tuple[str, ...]]) -> str:
    """`title` without the parts at either end that name the site."""
    parts = _SEPARATOR.split(title)
    cuts = [(found.start(), found.end()) for found in _SEPARATOR.finditer(title)]
    if len(parts) < 2:
        return title.strip()
    while cuts and _names_site(title[cuts[-1][1] :], names):
        title = title[: cuts.pop()[0]]
    if cuts and _names_site(title[: cuts[0][0]], names):
        title = title[cuts[0][1] :]
    return title.strip()


def _names_site(part: str, names: set[tuple[str, ...]]) -> bool:
    own = words(part)
    if not own:
        return True
    if len(own) > MAX_SITE_WORDS:
        return own in names
    joined = "".join(own)
    return any(name and (own == name or joined == "".join(name) or _within(own, name)) for name in names)


def _within(own: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Is one the beginning of the other, as "BBC" of "BBC News"?"""
    return own[: len(name)] == name or name[: len(own)] == own
