"""Articles without end: every number gives a text of its own, made of verbatim Wikinews paragraphs that hold statements."""

import re
from functools import cache
from math import comb, gcd
from random import Random

from newspapers.content import Report, interviews, reports

PARAGRAPHS_PER_DIGEST = 4  # about 250 words: long enough for any extractor to call it an article
QUOTED = re.compile(r'"[^"]{30,}"|“[^”]{30,}”')
SAID = re.compile(r"\b(said|says|told|added|explained|stated|claimed|announced|according to|asked|denied)\b", re.IGNORECASE)
FULL_NAME = re.compile(r"\b[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+\b")


def holds_statement(paragraph: str) -> bool:
    """True for a paragraph that can stand alone: a cue word, a full name and, mostly, a quotation of some length."""
    return bool(SAID.search(paragraph) and FULL_NAME.search(paragraph) and (QUOTED.search(paragraph) or len(paragraph) < 500))


@cache
def quotable() -> tuple[tuple[Report, str], ...]:
    return tuple((report, text) for report in (*reports(), *interviews()) for text in report.paragraphs if holds_statement(text))


def _combination(rank: int, size: int, choose: int) -> tuple[int, ...]:
    """The `rank`-th `choose`-subset of range(size) in lexicographic order: unequal ranks give unequal subsets."""
    chosen: list[int] = []
    for candidate in range(size):
        if len(chosen) == choose:
            break
        below = comb(size - candidate - 1, choose - len(chosen) - 1)
        if rank < below:
            chosen.append(candidate)
        else:
            rank -= below
    return tuple(chosen)


def _scattered(number: int, seed: int, modulus: int) -> int:
    """A permutation of range(modulus), so that neighbours in number share no paragraphs by rule yet none comes twice."""
    random = Random(f"digest {seed}")
    step = random.randrange(modulus // 3, modulus)
    while gcd(step, modulus) != 1:
        step += 1
    return (random.randrange(modulus) + number * step) % modulus


def digest(number: int, seed: int) -> Report:
    """Article `number` (from 0) of a run with this seed; below `digests_available()` no two share all paragraphs."""
    pool = quotable()
    rank = _scattered(number, seed, digests_available())
    chosen = [pool[index] for index in _combination(rank, len(pool), PARAGRAPHS_PER_DIGEST)]
    Random(f"order {seed} {number}").shuffle(chosen)
    subjects = list(dict.fromkeys(report.title for report, _ in chosen))
    return Report(
        key=f"digest-{seed}-{number:06d}",
        title=f"Digest {number + 1}: {subjects[0]}",
        authors=("Wikinews contributors",),
        date=max(report.date for report, _ in chosen),
        source_url=" ".join(dict.fromkeys(report.source_url for report, _ in chosen)),
        licence="CC BY 2.5",
        language="en",
        paragraphs=tuple(text for _, text in chosen),
    )


def digests_available() -> int:
    return comb(len(quotable()), PARAGRAPHS_PER_DIGEST)
