"""What a distribution says of its licence, as an SPDX expression, and whether the project may ship it.

Read in this order: `License-Expression` (PEP 639), `License`, the classifiers. The last two are free text or not exact, so
they go through tables; what the tables do not know stays unknown, and unknown is refused.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from importlib.metadata import Distribution

CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU Affero General Public License v3": "AGPL-3.0-only",
}
FREE_TEXT = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "the bsd 2-clause license": "BSD-2-Clause",
}
# Where the metadata is too vague: read in the files themselves.
READ = {"pebble": "LGPL-3.0-or-later"}
PERMISSIVE = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause CC0-1.0 CNRI-Python ISC MIT PSF-2.0 Python-2.0 Unlicense Zlib".split()
)
# Bind what is changed of the library itself, and not what only uses it.
WEAK = re.compile(r"(LGPL|MPL|EPL)-[0-9.]+(-only|-or-later|\+)?")
TOKEN = re.compile(r"\(|\)|[A-Za-z0-9.+-]+")
KEYWORDS = frozenset(("AND", "OR", "WITH", "(", ")"))


class Verdict(IntEnum):
    """Ordered: AND takes the worst, OR the best."""

    permissive = 0
    weak_copyleft = 1
    refused = 2


class UnreadableExpression(ValueError):
    """It is no SPDX expression."""


@dataclass(frozen=True, slots=True)
class Licence:
    """`expression` is empty where nothing is known; `said` is what the distribution says, word for word."""

    expression: str
    said: str

    @property
    def verdict(self) -> Verdict:
        return judge(self.expression) if self.expression else Verdict.refused


def licence_of(distribution: Distribution) -> Licence:
    metadata = distribution.metadata
    exact, *_ = metadata.get_all("License-Expression") or ("",)
    if exact:
        return Licence(exact, exact)
    free = " ".join(" ".join(metadata.get_all("License") or ()).split())
    if is_expression(free):
        return Licence(free, free)
    if known := READ.get(distribution.name.lower()):
        return Licence(known, free)
    return from_words(classified(metadata.get_all("Classifier") or ()), free)


def classified(classifiers: Iterable[str]) -> list[str]:
    return [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License :: OSI Approved :: ")]


def from_words(classes: Sequence[str], free: str) -> Licence:
    """Several classifiers are read as a demand for all of them, which is the stricter reading."""
    if free.lower() in FREE_TEXT:
        return Licence(FREE_TEXT[free.lower()], free)
    if classes and all(name in CLASSIFIERS for name in classes):
        return Licence(" AND ".join(CLASSIFIERS[name] for name in classes), "; ".join(classes))
    return Licence("", "; ".join(classes) or free[:80])


def is_expression(text: str) -> bool:
    try:
        return bool(text) and all(is_known(token) for token in tokens(text) if token not in KEYWORDS) and judge(text) >= 0
    except UnreadableExpression:
        return False


def is_known(licence: str) -> bool:
    """Alone, a word is a licence only when it is one of ours, or looks like a copyleft one."""
    return licence in PERMISSIVE or WEAK.fullmatch(licence) is not None or licence.startswith(("GPL-", "AGPL-"))


def tokens(expression: str) -> list[str]:
    found = TOKEN.findall(expression)
    if "".join(found) != "".join(expression.split()):
        raise UnreadableExpression(expression)
    return found


def judge(expression: str) -> Verdict:
    """Of a whole SPDX expression: AND binds closer than OR, WITH changes nothing here. Raises UnreadableExpression."""
    rest = tokens(expression)
    verdict = _either(rest, expression)
    if rest:
        raise UnreadableExpression(expression)
    return verdict


def _either(rest: list[str], whole: str) -> Verdict:
    found = _both(rest, whole)
    while rest and rest[0] == "OR":
        rest.pop(0)
        found = min(found, _both(rest, whole))
    return found


def _both(rest: list[str], whole: str) -> Verdict:
    found = _one(rest, whole)
    while rest and rest[0] == "AND":
        rest.pop(0)
        found = max(found, _one(rest, whole))
    return found


def _one(rest: list[str], whole: str) -> Verdict:
    term = rest.pop(0) if rest else ""
    if term == "(":
        found = _either(rest, whole)
        if not rest or rest.pop(0) != ")":
            raise UnreadableExpression(whole)
        return found
    if not term or term in KEYWORDS:
        raise UnreadableExpression(whole)
    if rest and rest[0] == "WITH":
        del rest[:2]
    if term in PERMISSIVE:
        return Verdict.permissive
    return Verdict.weak_copyleft if WEAK.fullmatch(term) else Verdict.refused
