"""What one poll means for each of its items: news, a change, or nothing but a mark that it was seen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from onrecord.contracts.item import ItemReason
from onrecord.feed.domain.health import is_churn
from onrecord.feed.domain.identity import (
    Canonical,
    content_hash,
    is_changed,
    possible_keys,
    remembered_key,
    repeated_guids,
    trusts_updated,
)
from onrecord.feed.domain.parsed import ParsedFeed, ParsedItem

FIRST_POLL_ITEMS = 20
FIRST_POLL_WINDOW = timedelta(hours=48)
UNDATED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """An item as it is remembered; `revision` 0 when it was only recorded as seen; `link` is canonical."""

    revision: int
    content_hash: str
    link: str


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """`reason` new or changed: publish it as `revision`; None: keep the row, publish nothing."""

    key: str
    link: str
    content_hash: str
    revision: int
    reason: ItemReason | None
    item: ParsedItem


@dataclass(frozen=True, slots=True)
class PollPlan:
    """Every distinct item of the document once. `known_share` is None for an empty one or a first poll."""

    items: tuple[PlannedItem, ...]
    known_share: float | None
    churned: bool

    @property
    def published(self) -> tuple[PlannedItem, ...]:
        return tuple(item for item in self.items if item.reason)

    def count(self, reason: ItemReason | None) -> int:
        return sum(1 for item in self.items if item.reason == reason)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What to ask the database before `plan_poll`: identity keys, and canonical links for the churn rule."""

    keys: frozenset[str]
    links: frozenset[str]


def lookup(feed: ParsedFeed, canonical: Canonical) -> Lookup:
    keys = frozenset(key for item in feed.items for key in possible_keys(item, canonical))
    return Lookup(keys, frozenset(canonical(item.link) for item in feed.items))


def distinct_items(
    items: Sequence[ParsedItem], canonical: Canonical, known: Mapping[str, Known] | None = None
) -> dict[str, ParsedItem]:
    """One item a key: the latest by its own dates, the last in the document among equals."""
    repeated = repeated_guids(items, canonical)
    chosen: dict[str, ParsedItem] = {}
    for item in items:
        key = remembered_key(item, repeated, known or {}, canonical)
        if key not in chosen or _version_key(item) >= _version_key(chosen[key]):
            chosen[key] = item
    return chosen


def plan_poll(
    feed: ParsedFeed,
    known: Mapping[str, Known],
    *,
    first_poll: bool,
    canonical: Canonical,
    now: datetime,
    key_by_link: Mapping[str, str] | None = None,
    first_poll_items: int = FIRST_POLL_ITEMS,
) -> PollPlan:
    """`known`: this feed's remembered items by identity key. `key_by_link`: by canonical link, the key of the one remembered
    item that has it; serves the churn rule alone, and its keys must be in `known` too."""
    canonical = cache(canonical)  # asked several times for each link
    found = distinct_items(feed.items, canonical, known)
    renamed = _churned_keys(found, known, key_by_link or {}, canonical)
    found = {renamed.get(key, key): item for key, item in found.items()}
    trust = trusts_updated(feed.items)
    fresh = _fresh_keys(found, now, first_poll_items, trust) if first_poll else found.keys()
    planned = tuple(
        _planned(key, item, known.get(key), fresh=key in fresh, trust_updated=trust, canonical=canonical)
        for key, item in found.items()
    )
    share = sum(1 for key in found if key in known) / len(found) if found and not first_poll else None
    return PollPlan(planned, share, churned=bool(renamed))


def _planned(
    key: str, item: ParsedItem, before: Known | None, *, fresh: bool, trust_updated: bool, canonical: Canonical
) -> PlannedItem:
    fingerprint, link = content_hash(item, canonical), canonical(item.link)
    if before is None:
        reason, revision = (ItemReason.new, 1) if fresh else (None, 0)
    elif is_changed(before.content_hash, fingerprint, trust_updated=trust_updated):
        reason, revision = ItemReason.changed, before.revision + 1
    else:
        reason, revision = None, before.revision
    return PlannedItem(key, link, fingerprint, revision, reason, item)


def _churned_keys(
    found: Mapping[str, ParsedItem], known: Mapping[str, Known], key_by_link: Mapping[str, str], canonical: Canonical
) -> dict[str, str]:
    """New key to remembered key, where a feed renamed its items. A link that two items share names neither."""
    links = Counter(canonical(item.link) for item in found.values())
    new = [key for key in found if key not in known]
    matches: dict[str, str] = {}
    for key in new:
        link = canonical(found[key].link)
        before = key_by_link.get(link)
        if before and before in known and before not in found and links[link] == 1:
            matches[key] = before
    return matches if is_churn(new=len(new), with_known_link=len(matches)) else {}


def _fresh_keys(found: Mapping[str, ParsedItem], now: datetime, at_most: int, trust_updated: bool) -> frozenset[str]:
    """The newest ones, and all of the last two days; undated items count as oldest, in the document's order."""

    def told_at(key: str) -> datetime:
        item = found[key]
        return item.published_at or (item.updated_at if trust_updated else None) or UNDATED

    newest = sorted(found, key=told_at, reverse=True)[:at_most]
    recent = (key for key in found if told_at(key) >= now - FIRST_POLL_WINDOW)
    return frozenset((*newest, *recent))


def _version_key(item: ParsedItem) -> datetime:
    return item.updated_at or item.published_at or UNDATED
