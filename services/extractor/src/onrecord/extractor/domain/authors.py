"""Who wrote it: the feed's names first, then the structured ones; publishers, hosts and labels are no authors."""

import re
from collections.abc import Iterable

from onrecord.extractor.domain.clean import clean_line
from onrecord.extractor.domain.facts import Byline, Head, Structured
from onrecord.extractor.domain.title import words

MAX_NAME_CHARS = 80
MAX_NAME_WORDS = 7
MAX_AUTHORS = 20
META_NAMES = (
    "author",
    "authors",
    "byl",
    "dc.creator",
    "dc:creator",
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "article:author",
)

_LEAD = re.compile(
    r"^(?:(?:written|story|words|posted|published|text|reported|geschrieben|ein beitrag|eine analyse|interview|kommentar)\s+)?"
    r"(?:by|von|vom|par|por|di|af|av|door|från|przez|tekst|text|foto|autor|autorin|author|interview)\b\s*:?\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s+(?i:link copied|follow|published|updated|posted|share|is an?|has been|기자|記者)\b.*"
    r"|\s+(?:for|in|at|from)\s+(?:the\s+)?[A-Z].*|\s*[,|(/·•].*|\s+[-–—]\s+.*)$",
    re.DOTALL,
)
_BETWEEN = re.compile(r"\s*(?:;|\||/|\n|\band\b|&|\bund\b|\bet\b|\by\b|\boch\b|\bog\b|、|，)\s*")
_MAIL_NAME = re.compile(r"^\S+@\S+\s+\((.+)\)$")
_ADDRESS = re.compile(r"https?:|www\.", re.IGNORECASE)
_NO_NAME = re.compile(
    r"@|\d{2}|[<>{}\[\]=_]|^\W*(?:image|photo|foto|bild|picture)\b"
    r"|\b(?:link copied|published on|posted|read more|subscribe|newsletter)\b"
    r"|^(?:admin|administrator|webmaster|editor|null|none|undefined|unknown|anonymous|author|by)$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:correspondents?|editors?|reporters?|writers?|journalists?|columnists?|contributors?|redakteur(?:in)?|korrespondent(?:in)?"
    r"|journaliste|redattore|staff|desk)$",
    re.IGNORECASE,
)
_ORGANISATIONS = frozenset({"Organization", "NewsMediaOrganization", "Corporation", "organization", "WebSite", "Brand"})


def authors_of(
    head: Head, structured: Structured, sites: Iterable[str], feed_authors: Iterable[str], guessed: Iterable[str]
) -> tuple[str, ...]:
    """The names of the first source that has any: feed, JSON-LD persons, meta, byline markup, `guessed`, other JSON-LD."""
    own = {_key(site) for site in sites}
    people = [author for author in structured.authors if author.kind not in _ORGANISATIONS]
    others = [author for author in structured.authors if author.kind in _ORGANISATIONS]
    tiers: tuple[Iterable[str], ...] = (
        feed_authors,
        _names(people),
        head.all(*META_NAMES),
        head.authors,
        (name for name in guessed if len(name.split()) > 1),  # a single word found in a text is a label as often as a name
        _names(others),
    )
    publisher: tuple[str, ...] = ()
    for tier in tiers:
        found = _distinct(name for raw in tier for name in split_names(raw))
        kept = [name for key, name in found.items() if key not in own]
        if kept:
            return tuple(_shortest(kept)[:MAX_AUTHORS])
        # a newsroom that signs as a whole is named only where nobody else is, and never by its host
        publisher = publisher or tuple(name for name in found.values() if "." not in name)[:1]
    return publisher


def _shortest(names: list[str]) -> list[str]:
    """Without "All articles of Ann Lee" where Ann Lee stands by itself."""
    return [name for name in names if not any(other != name and f" {_key(other)} " in f" {_key(name)} " for other in names)]


def _names(bylines: Iterable[Byline]) -> list[str]:
    return [byline.name for byline in bylines]


def _key(name: str) -> str:
    return " ".join(words(name))


def _distinct(names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        key = _key(name)
        if key and key not in found:
            found[key] = name
    return found


def split_names(raw: str) -> list[str]:
    """The names in a byline: "By Ann Lee and Bo Ek, Reuters" gives Ann Lee and Bo Ek."""
    line = clean_line(raw, 500)
    if mail := _MAIL_NAME.match(line):
        line = mail.group(1)
    if _ADDRESS.search(line):
        return []
    line = _LEAD.sub("", line)
    parts = _BETWEEN.split(line)
    names: list[str] = []
    for part in parts:
        pieces = [piece.strip() for piece in part.split(",")]
        pieces = [piece for piece in pieces if not _OFFICE.search(piece)] or pieces[:1]
        # commas part full names, and a name from its office: "Ann Lee, Bo Ek" but "Ann Lee, correspondent"
        listed = [piece for piece in pieces if _is_full_name(piece)]
        names.extend(_tidy(piece) for piece in (listed if len(listed) == len(pieces) else pieces[:1]))
    return [name for name in names if _is_name(name)]


def _tidy(piece: str) -> str:
    return _TAIL.sub("", _LEAD.sub("", piece)).strip(" .:·•*\"'“”")


def _is_full_name(piece: str) -> bool:
    parts = piece.split()
    return 2 <= len(parts) <= 5 and all(part[0].isupper() or not part[0].isalpha() or part in _PARTICLES for part in parts)


_PARTICLES = frozenset(
    [
        "de",
        "da",
        "di",
        "del",
        "della",
        "der",
        "den",
        "von",
        "van",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "dos",
        "das",
        "du",
        "y",
        "zu",
        "ten",
        "ter",
        "af",
        "av",
    ]
)


def _is_name(name: str) -> bool:
    if not 2 <= len(name) <= MAX_NAME_CHARS or len(name.split()) > MAX_NAME_WORDS:
        return False
    return not _NO_NAME.search(name) and any(char.isalpha() for char in name)
