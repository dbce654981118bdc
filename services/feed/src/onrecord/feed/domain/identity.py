"""Which item of a feed is which, from poll to poll (EVENTS, 2a), and whether it says something else than before."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from onrecord.feed.domain.parsed import ParsedItem

Canonical = Callable[[str], str]

_SCHEME = re.compile(r"https?:(?=//)", re.IGNORECASE)
_HOME_PAGE = re.compile(r"https?://[^/?#]*/?", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")
_STAMP = "@"  # parts a fingerprint: the words' hash, then when the feed says they were updated


class Remembered(Protocol):
    @property
    def link(self) -> str: ...


def scheme_normalised(guid: str) -> str:
    """A site that moves to https keeps its items."""
    text = guid.strip()
    match = _SCHEME.match(text)
    return text[match.end() :] if match else text


def repeated_guids(items: Iterable[ParsedItem], canonical: Canonical) -> frozenset[str]:
    """Normalised guids that this document gives to different links."""
    links: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        if item.guid:
            links[scheme_normalised(item.guid)].add(canonical(item.link))
    return frozenset(guid for guid, found in links.items() if len(found) > 1)


def identity_key(item: ParsedItem, repeated: Container[str], canonical: Canonical) -> str:
    """What `contracts.ids.item_id` takes. The prefix keeps a guid that is another item's link apart from that link.

    A home page is no item's link: feeds of notices give it to all of theirs.
    """
    if item.guid:
        guid = scheme_normalised(item.guid)
        return _guid_and_link(guid, item, canonical) if guid in repeated else f"guid {guid}"
    if not _HOME_PAGE.fullmatch(item.link):
        return f"link {scheme_normalised(canonical(item.link))}"
    return f"title {item.title or ''}\n{item.published_raw or ''}"


def possible_keys(item: ParsedItem, canonical: Canonical) -> tuple[str, ...]:
    """Every key under which the item may be remembered: what to look up before `remembered_key`."""
    alone = identity_key(item, (), canonical)
    return (alone, _guid_and_link(scheme_normalised(item.guid), item, canonical)) if item.guid else (alone,)


def remembered_key(item: ParsedItem, repeated: Container[str], known: Mapping[str, Remembered], canonical: Canonical) -> str:
    """`identity_key`, but an item stays what it was when the other owners of its guid enter or leave the document."""
    key = identity_key(item, repeated, canonical)
    if not item.guid or key in known:
        return key
    alone, with_link = possible_keys(item, canonical)
    if with_link in known:
        return with_link
    same = key == with_link and alone in known and known[alone].link == canonical(item.link)
    return alone if same else key


def _guid_and_link(guid: str, item: ParsedItem, canonical: Canonical) -> str:
    return f"guid {guid}\nlink {scheme_normalised(canonical(item.link))}"


def content_hash(item: ParsedItem, canonical: Canonical) -> str:
    """sha256 of the words of title, summary and content and of the canonical link, then `@` and `updated_at` if there.

    Tracking parameters, markup and blanks do not count; whether the date does is for `is_changed` to say.
    """
    words = (_words(item.title), canonical(item.link), _words(item.summary), _words(item.content_html))
    digest = hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in map(str.encode, words))).hexdigest()
    return f"{digest}{_STAMP}{_micros(item.updated_at)}" if item.updated_at else digest


def is_changed(before: str, after: str, *, trust_updated: bool) -> bool:
    """Other words; or, where the feed's dates can be trusted, a later `updated_at`: the page changed and its teaser did not."""
    old_digest, _, old_stamp = before.partition(_STAMP)
    digest, _, stamp = after.partition(_STAMP)
    return digest != old_digest or (trust_updated and bool(old_stamp) and stamp > old_stamp)


def trusts_updated(items: Iterable[ParsedItem]) -> bool:
    """Not where one date stands at most items: such feeds write the time of the request."""
    stamps = [item.updated_at for item in items if item.updated_at]
    return 2 * len(set(stamps)) > len(stamps)


def _words(text: str | None) -> str:
    return " ".join(_MARKUP.sub(" ", text or "").split())


def _micros(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
