"""The names of one article: every run of capitals that is a person or an organisation, with its aliases and roles."""

from dataclasses import dataclass

from onrecord.statements.extracted import SpeakerType
from onrecord.statements.forenames import FEMALE, MALE
from onrecord.statements.tokens import Token
from onrecord.statements.words import (
    DAYS,
    DETERMINERS,
    DOCUMENT_NOUNS,
    FEMALE_TITLES,
    GROUP_ROLES,
    MALE_TITLES,
    MONTHS,
    OPENERS,
    ORG_WORDS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    TITLES,
)

MAX_NAMES = 2_000  # an article names under 200; a list of names must not make every mention dear
_MAX_NAME_UNITS = 12  # longer runs of capitals are headlines
_NOT_INSIDE = DAYS | {"i", "he", "she"}
_MAX_NAMESAKES = 12  # names that share a word; more are a list, not a story
_GLUE = frozenset("of the for and & de la von van der den bin al del di da ben ibn du le on".split())
_PERSON_GLUE = frozenset("de la von van der den bin al del di da ben ibn du le".split())
_SUFFIXES = frozenset("jr jr. sr sr. ii iii iv".split())
_STOP = (
    DETERMINERS
    | SUBJECT_PRONOUNS
    | SUBORDINATORS
    | OPENERS
    | DAYS
    | MONTHS
    | PREPOSITIONS
    | frozenset("and but or yes no mr not".split())
)


@dataclass(slots=True, eq=False)
class Name:
    """`gender` is "m", "f" or ""; `first` the span of the mention that carries the full name."""

    words: tuple[str, ...]
    type: SpeakerType
    first: tuple[int, int]
    gender: str = ""
    role: str | None = None
    acronym: str = ""

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of capitalised words in the text, titles cut off and kept apart; tokens `[first, last)` of its sentence."""

    words: tuple[str, ...]
    titles: tuple[str, ...]
    start: int
    end: int
    opens_sentence: bool
    first: int = 0
    last: int = 0


def runs(tokens: list[Token], opens: set[int]) -> list[Run]:
    """Names by their capitals; `opens` holds the offsets at which a sentence begins."""
    found: list[Run] = []
    k = 0
    while k < len(tokens):
        if not _starts(tokens[k], opens):
            k += 1
            continue
        end = _run_end(tokens, k)
        run = _run(tokens, k, end, tokens[k].start in opens)
        if run is not None:
            found.append(run)
        k = end
    return found


def _starts(token: Token, opens: set[int]) -> bool:
    if not token.is_word or not token.capital:
        return False
    return token.lower not in _STOP and not (token.start in opens and token.lower.endswith("ly"))


def _run_end(tokens: list[Token], k: int) -> int:
    end = k + 1
    while end < len(tokens) and end - k < _MAX_NAME_UNITS and not tokens[end - 1].text.endswith(("'s", "’s")):
        token = tokens[end]
        if (token.capital and token.is_word and token.lower not in _NOT_INSIDE) or (
            end + 1 < len(tokens) and tokens[end + 1].capital and _glues(tokens, end)
        ):
            end += 1
        elif token.lower == "of" and end + 2 < len(tokens) and tokens[end + 1].lower == "the" and tokens[end + 2].capital:
            end += 2
        else:
            break
    return end


def _glues(tokens: list[Token], end: int) -> bool:
    """ "Bank of America", "Ursula von der Leyen", "AT & T"."""
    word, before = tokens[end].lower, tokens[end - 1].lower
    if word in _PERSON_GLUE or word == "&":
        return True
    if word not in {"of", "for", "on"}:
        return False
    return before not in GROUP_ROLES and (before in ORG_WORDS or before in {"secretary", "house"} or before.endswith("s"))


def _run(tokens: list[Token], at: int, stop: int, opens_sentence: bool) -> Run | None:
    words = [token.text for token in tokens[at:stop]]
    words[-1] = bare(words[-1])
    first = _after_titles(words)
    kept = words[first:]
    if not any(word[0].isalpha() for word in kept):
        return None
    end = tokens[stop - 1].start + len(words[-1])
    return Run(tuple(kept), tuple(words[:first]), tokens[at + first].start, end, opens_sentence, at + first, stop)


def _after_titles(words: list[str]) -> int:
    """Past "Georgia Secretary of State" in front of a name; a run that names an organisation keeps its words."""
    first = 0
    for k, word in enumerate(words[:-1]):
        if word.casefold() in TITLES:
            first = k + 1
    if 0 < first < len(words) - 2 and words[first] == "of":
        first += 3 if words[first + 1] == "the" and first < len(words) - 3 else 2
    if first == 0 or first >= len(words) or any(bare(word).casefold() in ORG_WORDS for word in words[first:]):
        return 0
    return first


def bare(word: str) -> str:
    """Without the possessive."""
    for tail in ("'s", "’s"):
        if word.endswith(tail):
            return word[: -len(tail)]
    return word[:-1] if word.endswith(("'", "’")) else word


class Names:
    """All runs of an article, joined: "Akram" and "Mr. Akram" are "Munir Akram"."""

    def __init__(self) -> None:
        self.all: list[Name] = []
        self._by_word: dict[str, list[Name]] = {}
        self._by_acronym: dict[str, Name] = {}

    def add(self, run: Run) -> Name | None:
        if len(self.all) >= MAX_NAMES or (run.opens_sentence and len(run.words) == 1 and not run.titles):
            return self.find(run.words)
        known = self.find(run.words)
        if known is None or (len(known.words) < len(run.words) and known.type != "organization" and not self._longer(known, run)):
            known = Name(run.words, type_of(run), (run.start, run.end))
            self.all.append(known)
            for word in {bare(w).casefold() for w in run.words}:
                self._by_word.setdefault(word, []).append(known)
        known.gender = known.gender or gender_of(run)
        if run.titles and known.type == "unknown":
            known.type = "person"
        return known

    def _longer(self, known: Name, run: Run) -> bool:
        """The surname came first, the full name now: the known name grows."""
        if len(known.words) != 1 or known.words[-1] != run.words[-1] or type_of(run) == "organization":
            return False
        known.words, known.first = run.words, (run.start, run.end)
        known.type = type_of(run) if known.type == "unknown" else known.type
        for word in {bare(w).casefold() for w in run.words[:-1]}:
            self._by_word.setdefault(word, []).append(known)
        return True

    def abbreviate(self, name: Name, acronym: str) -> None:
        """ "North Atlantic Treaty Organization (NATO)"."""
        name.acronym, name.type = acronym, "organization"
        self._by_acronym.setdefault(acronym, name)

    def find(self, words: tuple[str, ...]) -> Name | None:
        """The first name that these words are or shorten; a lone word is a surname before it is a forename."""
        folded = [bare(word).casefold() for word in words if word.casefold() not in _SUFFIXES]
        if not folded:
            return None
        candidates = self._by_word.get(folded[-1], ())[:_MAX_NAMESAKES]
        for test in (_same, _surname, _initials, _within):
            for name in candidates:
                if test(folded, [word.casefold() for word in name.words if word.casefold() not in _SUFFIXES], name):
                    return name
        if len(folded) == 1 and words[0].isupper():
            return self._by_acronym.get(words[0])
        return None


def _same(short: list[str], full: list[str], _name: Name) -> bool:
    return short == full


def _surname(short: list[str], full: list[str], name: Name) -> bool:
    return name.type != "organization" and len(full) > 1 and len(short) < len(full) and full[-len(short) :] == short


def _initials(short: list[str], full: list[str], name: Name) -> bool:
    """ "Paul D. Ryan" and "Paul Ryan"."""
    return name.type != "organization" and len(short) > 1 and len(full) > 1 and short[-1] == full[-1] and short[0] == full[0]


def _within(short: list[str], full: list[str], name: Name) -> bool:
    if name.type == "organization":
        return len(short) >= 2 and set(short) <= set(full)
    return len(short) == 1 and short[0] in full and short[0] == full[0]


def type_of(run: Run) -> SpeakerType:
    words = [bare(word).casefold() for word in run.words]
    if run.titles:
        return "person"
    if words[-1] in DOCUMENT_NOUNS - {"post", "review", "act", "bill"}:
        return "document"
    if words[-1] in GROUP_ROLES:
        return "group"
    if any(word in ORG_WORDS for word in words) or any(
        word.isupper() and len(word) > 1 and "." not in word for word in run.words
    ):
        return "organization"
    if len(words) == 1:
        return "unknown"
    if words[0] in MALE or words[0] in FEMALE:
        return "person"
    return "person" if len(words) in (2, 3) and not any(word in _GLUE - _PERSON_GLUE for word in words) else "organization"


def gender_of(run: Run) -> str:
    titles = {title.casefold() for title in run.titles}
    if titles & MALE_TITLES:
        return "m"
    if titles & FEMALE_TITLES:
        return "f"
    first = run.words[0].casefold()
    if len(run.words) < 2:
        return ""
    return "m" if first in MALE else "f" if first in FEMALE else ""
