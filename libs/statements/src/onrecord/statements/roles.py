"""The role in which an article names somebody: the apposition behind the name, or the noun phrase before it."""

from onrecord.statements.names import Run
from onrecord.statements.tokens import Token
from onrecord.statements.words import GROUP_ROLES, OPENERS, PERSON_ROLES, PREPOSITIONS, TITLES

ORGANISATION_ROLES = frozenset(
    """
    newspaper paper company firm blog website site magazine publication broadcaster outlet agency group organisation
    organization network startup bank charity tabloid daily weekly party union club consultancy
    """.split()
)
_MAX_ROLE_UNITS = 20  # an apposition longer than this is a clause about something else
_MAX_UNITS_BEFORE = 10  # "Pakistan's permanent ambassador to the United Nations in New York," before a name
_ARTICLES = frozenset({"a", "an", "the"})
_NOT_BEFORE = OPENERS | frozenset('and but said says told by when as that with from , ; : ( ) “ ” " —'.split())


def role_of(run: Run, tokens: list[Token], text: str) -> str | None:
    return _behind(run, tokens, text) or _before(run, tokens, text)


def _behind(run: Run, tokens: list[Token], text: str) -> str | None:
    """ "Munir Akram, Pakistan's ambassador to the United Nations, "."""
    start = run.last + 1
    if start >= len(tokens) or tokens[run.last].text != ",":
        return None
    end = start
    while end < len(tokens) and end - start <= _MAX_ROLE_UNITS and (tokens[end].is_word or tokens[end].text in "&-/$%"):
        if tokens[end].lower in {"who", "which", "whose"}:
            break
        end += 1
    words = {token.lower for token in tokens[start:end]}
    named = words & (PERSON_ROLES | TITLES | GROUP_ROLES) or tokens[start].lower in _ARTICLES
    if not named or end - start > _MAX_ROLE_UNITS or tokens[start].lower in PREPOSITIONS:
        return None
    return _without_article(text[tokens[start].start : tokens[end - 1].end])


def _before(run: Run, tokens: list[Token], text: str) -> str | None:
    """ "finance minister Jane Doe", "Pakistan's ambassador to the UN, Munir Akram", "Senator Doe"."""
    end = run.first
    if end > 1 and tokens[end - 1].text == "," and not run.titles:
        end -= 1
    start = end
    while start > 0 and end - start < _MAX_UNITS_BEFORE and tokens[start - 1].lower not in _NOT_BEFORE:
        start -= 1
        if tokens[start].lower in _ARTICLES and (start == 0 or tokens[start - 1].lower not in PREPOSITIONS):
            break
    words = {token.lower for token in tokens[start:end]}
    if start == end or not words & (PERSON_ROLES | TITLES | ORGANISATION_ROLES):
        return None
    if tokens[start].lower in PREPOSITIONS or not tokens[end - 1].is_word:
        return None
    return _without_article(text[tokens[start].start : tokens[end - 1].end])


def _without_article(role: str) -> str:
    head, _, rest = role.partition(" ")
    return rest if head.casefold() in _ARTICLES and rest else role
