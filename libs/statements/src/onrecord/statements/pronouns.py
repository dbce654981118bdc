"""Antecedents: which name a pronoun or a role noun stands for, by who spoke, who is the topic, and what gender is known."""

from onrecord.statements.cast import Cast, Mention
from onrecord.statements.drafts import Draft
from onrecord.statements.extracted import Speaker
from onrecord.statements.names import Name
from onrecord.statements.tokens import Token
from onrecord.statements.words import FEMALE_ROLES, GROUP_ROLES, MALE_ROLES, ORG_WORDS, PERSON_ROLES

_MENTIONS_BACK = 30  # further back a reader would not look for "he"; keeps work per pronoun constant
_PRONOUN_SURE_AT_MOST = 0.85  # share of pronouns resolved rightly on the development news
_ORG_NOUNS = frozenset(
    """
    company agency group organization organisation department party campaign firm bank court newspaper paper network
    union committee commission ministry office outlet publication magazine site website university association police
    """.split()
)


class Antecedents:
    """Remembers who spoke last, in reading order; `unnamed_role` is set while that is somebody without a name."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._last: tuple[Name | None, int] | None = None
        self.unnamed_role: str | None = None

    def spoke(self, name: Name | None, paragraph: int, speaker: Speaker) -> None:
        if name is not None:
            self._last, self.unnamed_role = (name, paragraph), None
        elif speaker.type == "unnamed" and speaker.role and _single_person(speaker.role):
            self._last, self.unnamed_role = (None, paragraph), speaker.role

    def of(self, token: Token, draft: Draft) -> tuple[Name | None, float]:
        """(name, sureness) for a pronoun; (None, more than 0) for the unnamed who spoke last, (None, 0) when nothing fits."""
        wanted = {"he": "m", "she": "f"}.get(token.lower, "")
        plural = token.lower in {"they", "we", "it"}
        scores: dict[Name | None, float] = {}
        for mention in self._cast.before(token.start, _MENTIONS_BACK):
            if _fits(mention.name, wanted, plural):
                score = self._score(mention, draft, wanted)
                scores[mention.name] = max(score, scores.get(mention.name, -9.0))
        if self._last is not None and _speaker_fits(self._last[0], wanted, plural):
            name, paragraph = self._last
            bonus = 3.0 - 0.6 * (draft.paragraph - paragraph)
            scores[name] = max(scores.get(name, 0.0), 0.0) + max(bonus, 0.5)
        if not scores:
            return None, 0.0
        ranked = sorted(scores.items(), key=lambda item: -item[1])
        margin = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0.0)
        return ranked[0][0], min(_PRONOUN_SURE_AT_MOST, 0.6 + 0.1 * margin)

    def _score(self, mention: Mention, draft: Draft, wanted: str) -> float:
        score = 3.0 - 0.7 * (draft.paragraph - mention.paragraph)
        score += 1.2 if mention.subject else 0.0
        score -= 1.5 if mention.possessive else 0.0
        score -= 2.5 if mention.quoted else 0.0
        score += 0.8 if wanted and mention.name.gender == wanted else 0.0
        return score + (0.4 if mention.name.type == "person" else 0.0)

    def by_role(self, head: str, draft: Draft, tokens: list[Token]) -> Name | None:
        """The name whose stated role holds this noun; for "the company" the organisation last named."""
        at = draft.source[0] if draft.source else 0
        if head in PERSON_ROLES:
            return self._person_with(head, tokens)
        if head in _ORG_NOUNS and tokens[0].lower == "the" and len(tokens) == 2:
            called = [
                name for name in self._cast.names.all if name.type == "organization" and head in (name.role or "").casefold()
            ]
            if len(called) == 1:
                return called[0]
            for mention in self._cast.before(at, _MENTIONS_BACK):
                if mention.name.type == "organization" and (head in ORG_WORDS or not mention.quoted):
                    return mention.name
        return None

    def _person_with(self, head: str, tokens: list[Token]) -> Name | None:
        wanted = "m" if head in MALE_ROLES else "f" if head in FEMALE_ROLES else ""
        words = {token.lower for token in tokens if token.is_word} - {"the", "his", "her"}
        found = []
        for name in self._cast.names.all:
            role = {word.strip(",.").casefold() for word in (name.role or "").split()}
            if (
                name.type == "person"
                and head in role
                and not (wanted and name.gender and name.gender != wanted)
                and words <= role
            ):
                found.append(name)
        return found[0] if len(found) == 1 else None


def _fits(name: Name, wanted: str, plural: bool) -> bool:
    if plural:
        return name.type in ("organization", "group", "document")
    if name.type not in ("person", "unknown"):
        return False
    return not (wanted and name.gender and name.gender != wanted) and not (
        name.type == "unknown" and not name.gender and len(name.words) > 2
    )


def _speaker_fits(name: Name | None, wanted: str, plural: bool) -> bool:
    return bool(wanted) if name is None else _fits(name, wanted, plural)


def _single_person(role: str) -> bool:
    words = role.casefold().split()
    return any(word in PERSON_ROLES for word in words) and not any(word in GROUP_ROLES for word in words)
