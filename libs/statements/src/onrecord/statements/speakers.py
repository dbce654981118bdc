"""Resolves the source of each statement to the fullest name in its article, or leaves it unnamed."""

from dataclasses import dataclass

from onrecord.statements.cast import Cast, Mention
from onrecord.statements.drafts import Draft
from onrecord.statements.extracted import Resolution, Span, Speaker, SpeakerType
from onrecord.statements.names import Name
from onrecord.statements.pronouns import Antecedents
from onrecord.statements.tokens import Token, tokenize
from onrecord.statements.words import (
    DOCUMENT_NOUNS,
    GROUP_ROLES,
    NOUN_PREPOSITIONS,
    ORG_WORDS,
    PREPOSITIONS,
    TITLES,
)

_NAMELESS_LABELS = frozenset("q a question answer interviewer moderator reporter host".split())


@dataclass(frozen=True, slots=True)
class Resolved:
    """`sure` 0..1; `name` the table's entry when there is one."""

    speaker: Speaker
    sure: float
    name: Name | None = None


class Speakers:
    """Asked in reading order: a pronoun leans on those resolved before it."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._antecedents = Antecedents(cast)
        self._done: dict[int, Resolved] = {}

    def resolve(self, draft: Draft) -> Resolved:
        known = self._done.get(id(draft))
        if known is None:
            known = self._done[id(draft)] = self._fresh(draft)
            if draft.source is not None and draft.where == "text":
                self._antecedents.spoke(known.name, draft.paragraph, known.speaker)
        return known

    def _fresh(self, draft: Draft) -> Resolved:
        if draft.source is None:
            return self._floating(draft)
        start, end = draft.source
        tokens = tokenize(self._cast.text, start, end)
        if draft.rule == "label":
            return self._labelled(tokens)
        if len(tokens) == 1 and tokens[0].lower in {"he", "she", "they", "it", "we", "i", "who"}:
            return self._pronoun(tokens[0], draft)
        return self._phrase(tokens, draft)

    def _labelled(self, tokens: list[Token]) -> Resolved:
        """ "DOE:" in a transcript; "Q:" and "A:" name nobody."""
        words = tuple(token.text for token in tokens if token.is_word and token.lower not in TITLES)
        mention = Span(tokens[0].start, tokens[-1].end)
        name = self._cast.names.find(words) if words else None
        if name is not None:
            return self._named(name, (mention,), "label", 0.85)
        if not words or tokens[0].lower in _NAMELESS_LABELS:
            return Resolved(Speaker("unnamed", "label", None, " ".join(token.text for token in tokens), (mention,)), 0.7)
        text = " ".join(word.title() if word.isupper() and len(word) > 2 else word for word in words)
        return Resolved(Speaker("person", "label", text, None, (mention,)), 0.6)

    def _floating(self, draft: Draft) -> Resolved:
        if draft.continues is None:
            return Resolved(Speaker("unknown", "none"), 0.2)
        owner = self.resolve(draft.continues)
        source = draft.continues.source
        chain = ((Span(*source),) if source else ()) + owner.speaker.chain[1:]
        speaker = Speaker(owner.speaker.type, "floating", owner.speaker.name, owner.speaker.role, chain)
        return Resolved(speaker, owner.sure * 0.9, owner.name)

    def _pronoun(self, token: Token, draft: Draft) -> Resolved:
        name, sure = self._antecedents.of(token, draft)
        mention = Span(token.start, token.end)
        if name is None:
            role = self._antecedents.unnamed_role if sure > 0 else None
            return Resolved(Speaker("unnamed" if role else "unknown", "pronoun", None, role, (mention,)), max(sure, 0.3))
        return self._named(name, (mention,), "pronoun", sure)

    def _named(self, name: Name, chain: tuple[Span, ...], resolution: Resolution, sure: float) -> Resolved:
        proof = Span(*name.first)
        chain = chain if chain and chain[-1] == proof else (*chain, proof)
        kind: SpeakerType = "person" if name.type == "unknown" else name.type
        return Resolved(Speaker(kind, resolution, name.text, name.role, chain), sure, name)

    def _phrase(self, tokens: list[Token], draft: Draft) -> Resolved:
        start, end = tokens[0].start, tokens[-1].end
        mentions = self._cast.within(start, end)
        pair = self._pair(tokens, mentions)
        if pair is not None:
            text = " and ".join(mention.name.text for mention in pair)
            chain = (Span(start, end), *(Span(*mention.name.first) for mention in pair))
            return Resolved(Speaker("group", "full_name", text, None, chain), 0.8)
        head = self._head(tokens, mentions)
        if head is not None:
            full = " ".join(self._cast.text[head.start : head.end].split()) == head.name.text
            return self._named(head.name, (Span(start, end),), "full_name" if full else "partial_name", 0.95 if full else 0.9)
        return self._unnamed(tokens, draft)

    def _pair(self, tokens: list[Token], mentions: list[Mention]) -> tuple[Mention, ...] | None:
        people = [mention for mention in mentions if mention.name.type in ("person", "unknown")]
        if len(people) < 2 or (any(token.text == "," for token in tokens) and len(people) < 3):
            return None
        between = self._cast.text[people[-2].end : people[-1].start].split()
        first_ok = not any(token.start < people[0].start and token.lower in PREPOSITIONS for token in tokens)
        return tuple(people) if first_ok and between and between[0] == "and" and people[-1].end == tokens[-1].end else None

    def _head(self, tokens: list[Token], mentions: list[Mention]) -> Mention | None:
        """The name that the phrase is about: the head of its first stretch, or a person named by an apposition to a role."""
        for segment in _segments(tokens):
            head = segment[_head_index(segment)]
            for mention in mentions:
                if mention.start <= head.start < mention.end and not mention.possessive:
                    return mention
            last = segment[-1]
            for mention in mentions:
                if (
                    mention.end >= last.start > mention.start - 1
                    and mention.name.type == "person"
                    and not _behind_preposition(segment, mention)
                ):
                    return mention
        return None

    def _unnamed(self, tokens: list[Token], draft: Draft) -> Resolved:
        """A role without a name in its phrase: "the mayor" may be named elsewhere, "a spokesman" never is."""
        segment = next(iter(_segments(tokens)))
        head = segment[_head_index(segment)].lower
        mention = Span(tokens[0].start, tokens[-1].end)
        role = self._cast.text[tokens[0].start : tokens[-1].end]
        if tokens[0].lower in {"the", "his", "her", "their"} or tokens[0].lower.endswith("'s"):
            name = self._antecedents.by_role(head, draft, tokens)
            if name is not None:
                return self._named(name, (mention,), "role", 0.7)
        kind: SpeakerType = "unnamed"
        if head in GROUP_ROLES:
            kind = "unnamed"
        elif head in DOCUMENT_NOUNS:
            kind = "document"
        elif head in ORG_WORDS:
            kind = "organization"
        return Resolved(Speaker(kind, "role", None, _without_article(role), (mention,)), 0.8)


def _segments(tokens: list[Token]) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in ",()[]–—":
            if found[-1]:
                found.append([])
        else:
            found[-1].append(token)
    return [segment for segment in found if segment] or [tokens]


def _head_index(segment: list[Token]) -> int:
    for k, token in enumerate(segment):
        stops = token.lower in NOUN_PREPOSITIONS | PREPOSITIONS | {"who", "whose", "which", "that", "and"}
        if (
            stops
            and k > 0
            and not (token.lower == "of" and k + 1 < len(segment) and segment[k - 1].capital and segment[k + 1].capital)
        ):
            return k - 1
    return len(segment) - 1


def _behind_preposition(segment: list[Token], mention: Mention) -> bool:
    return any(token.lower in PREPOSITIONS | {"and"} and token.end <= mention.start for token in segment)


def _without_article(role: str) -> str:
    head, _, rest = role.partition(" ")
    return rest if head.casefold() in {"a", "an", "the", "one", "another"} and rest else role
