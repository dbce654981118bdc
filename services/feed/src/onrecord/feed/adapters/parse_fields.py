"""Fields of an entry, whatever format it came in: cleaned, capped, and the cuts counted."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

from onrecord.contracts.item import Enclosure
from onrecord.feed.adapters.markup import plain_text
from onrecord.feed.adapters.parse_dates import RAW_MAX_CHARS, parse_date
from onrecord.feed.domain.parsed import Flag
from onrecord.text import Cleaned, clean_line, clean_text
from onrecord.web.errors import WebError
from onrecord.web.policy import UrlPolicy
from onrecord.web.url import WebAddress

TITLE_MAX_CHARS = 1_000  # ten times a long headline
SUMMARY_MAX_CHARS = 64_000  # full articles in a description fit
# Together with the summary under half of Kafka's default record of 1 MiB, four bytes a character at worst.
CONTENT_MAX_CHARS = 120_000
GUID_MAX_CHARS = 1_024  # longer ones are replaced by their hash: identity needs equality alone
NAME_MAX_CHARS = 200  # authors and categories
AUTHORS_MAX = 50  # a large collaboration; more is a list of staff
CATEGORIES_MAX = 50
ENCLOSURES_MAX = 20
ABSURD_FIELD_CHARS = 400_000  # longer than any article: worth telling about the feed, not only the item

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_EMAIL_WITH_NAME = re.compile(r"[^\s@()<>]{1,64}@[^\s()<>]{1,190}\s*\(([^()]{1,200})\)")
_NAME_WITH_EMAIL = re.compile(r"([^<>@]{1,200})<[^\s<>]{1,190}@[^\s<>]{1,190}>")
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_LENGTH = re.compile(r"[0-9]{1,15}")


@dataclass(slots=True)
class Fields:
    """Reads the fields of one document. `base` resolves relative links; `policy` None checks their syntax alone."""

    base: str
    now: datetime
    policy: UrlPolicy | None
    flags: Counter[Flag] = field(default_factory=Counter)
    cut: bool = False  # whether a field of the current item was cut

    def title(self, raw: str | None) -> str | None:
        if not raw:
            return None
        words = plain_text(raw)
        return self._told(raw, clean_line(words if words.strip() else raw, max_chars=TITLE_MAX_CHARS))

    def summary(self, raw: str | None) -> str | None:
        if not raw:
            return None
        cleaned = clean_text(plain_text(raw).strip(), max_chars=SUMMARY_MAX_CHARS)
        return self._told(raw, cleaned)

    def content(self, raw: str | None) -> str | None:
        return self._told(raw, clean_text(raw.strip(), max_chars=CONTENT_MAX_CHARS)) if raw else None

    def names(self, raw: Iterable[str], at_most: int) -> tuple[str, ...]:
        names = dict.fromkeys(name for text in raw if (name := clean_line(plain_text(text), max_chars=NAME_MAX_CHARS).text))
        self.cut |= len(names) > at_most
        return tuple(names)[:at_most]

    def authors(self, raw: Iterable[str]) -> tuple[str, ...]:
        return self.names(filter(None, map(person, raw)), AUTHORS_MAX)

    def categories(self, raw: Iterable[str]) -> tuple[str, ...]:
        return self.names(raw, CATEGORIES_MAX)

    def guid(self, raw: str | None) -> str | None:
        if not raw or not raw.strip():
            return None
        if len(raw) > GUID_MAX_CHARS:
            return "sha256:" + hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()
        return clean_line(raw, max_chars=GUID_MAX_CHARS).text or None

    def date(self, raw: str | None) -> tuple[datetime | None, str | None]:
        """The moment where it is sure, and what the feed said."""
        if not raw or not raw.strip():
            return None, None
        return parse_date(raw, now=self.now), clean_line(raw, max_chars=RAW_MAX_CHARS).text or None

    def language(self, *candidates: str | None) -> str | None:
        for raw in candidates:
            tag = (raw or "").strip().replace("_", "-")
            if _LANGUAGE.fullmatch(tag):
                return tag
        return None

    def item_link(self, raw: str | None, base: str | None = None) -> str | None:
        """The link that becomes work; refusals are counted."""
        if not raw or not raw.strip():
            self.flags[Flag.item_without_link] += 1
            return None
        link = self.url(raw, base)
        if link is None:
            self.flags[Flag.item_link_refused] += 1
        return link

    def url(self, raw: str | None, base: str | None = None) -> str | None:
        text = re.sub(r"[\t\r\n]", "", raw or "").strip()
        if not text or len(text) > ABSURD_FIELD_CHARS or _INVISIBLE.search(text):
            return None
        try:
            absolute = urljoin(urljoin(self.base, base or ""), text.replace(" ", "%20"))
            address = self.policy.parse(absolute) if self.policy else WebAddress.parse(absolute)
        except (ValueError, WebError):
            return None
        return str(address)

    def enclosures(self, raw: Iterable[tuple[str | None, str | None, object]]) -> tuple[Enclosure, ...]:
        found = []
        for href, media_type, length in raw:
            if url := self.url(href):
                kind = clean_line(media_type or "", max_chars=NAME_MAX_CHARS).text or None
                size = int(str(length)) if _LENGTH.fullmatch(str(length)) else None
                found.append(Enclosure(url=url, type=kind, length=size))
        self.cut |= len(found) > ENCLOSURES_MAX
        return tuple(found[:ENCLOSURES_MAX])

    def _told(self, raw: str, cleaned: Cleaned) -> str | None:
        self.cut |= cleaned.cut
        if cleaned.cut and len(raw) > ABSURD_FIELD_CHARS:
            self.flags[Flag.field_too_long] += 1
        return cleaned.text or None


def person(raw: str) -> str | None:
    """The name without its address: `jo@x.example (Jo Lee)` and `Jo Lee <jo@x.example>`; a bare address names nobody."""
    text = raw.strip()
    for form in (_EMAIL_WITH_NAME, _NAME_WITH_EMAIL):
        if match := form.fullmatch(text):
            return match[1].strip()
    return None if "@" in text and " " not in text else text
