"""What feedparser found, as our own words."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from onrecord.feed.adapters.parse_fields import Fields
from onrecord.feed.domain.parsed import ParsedFeed, ParsedItem

# A description this long in paragraphs is the article itself: feeds without content:encoded put it there.
FULL_TEXT_MIN_CHARS = 1_500
PERIOD_S = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
TTL_MAX_MINUTES = 1_000_000  # two years; a bound for arithmetic, the schedule caps at a day
HUBS_MAX = 5
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_SKIP_BLOCK = re.compile(rb"<skip(Hours|Days)\b[^<>]{0,100}>(.{0,4000}?)</skip\1", re.IGNORECASE | re.DOTALL)
_SKIP_VALUE = re.compile(rb"<(?:hour|day)>\s*([A-Za-z0-9]{1,9})\s*<", re.IGNORECASE)

Entry = Mapping[str, Any]  # feedparser's dictionaries: keys are absent, values of any type


def feed_from(result: Any, body: bytes, fields: Fields) -> ParsedFeed:
    """`result` of feedparser for `body`; its entries become items, those without a usable link are counted."""
    channel: Entry = result.feed
    version = str(result.get("version") or "unknown")
    language = fields.language(_text(channel, "language"))
    items = tuple(item for entry in result.entries if (item := _item(entry, language, version, fields)))
    skips = {block[1].lower(): _SKIP_VALUE.findall(block[2]) for block in _SKIP_BLOCK.finditer(body)}
    links = _dicts(channel, "links")
    return ParsedFeed(
        version=version,
        title=fields.title(_text(channel, "title")),
        language=language,
        site_link=fields.url(_text(channel, "link")),
        self_link=next((url for link in links if link.get("rel") == "self" and (url := fields.url(link.get("href")))), None),
        hubs=tuple(url for link in links if link.get("rel") == "hub" and (url := fields.url(link.get("href"))))[:HUBS_MAX],
        ttl_s=_ttl_s(_text(channel, "ttl")),
        update_period_s=_update_period_s(channel),
        skip_hours=frozenset(hour for raw in skips.get(b"hours", ()) if (hour := _hour(raw)) is not None),
        skip_days=frozenset(WEEKDAYS.index(day) for raw in skips.get(b"days", ()) if (day := raw.decode().lower()) in WEEKDAYS),
        items=items,
        flags=dict(fields.flags),
    )


def _item(entry: Entry, feed_language: str | None, version: str, fields: Fields) -> ParsedItem | None:
    fields.cut = False
    link = fields.item_link(_link(entry), _detail(entry, "title", "base"))
    if link is None:
        return None
    published_raw, updated_raw = _dates(entry, version)
    published_at, published_raw = fields.date(published_raw)
    updated_at, _ = fields.date(updated_raw)
    contents = _dicts(entry, "content")
    content = max((str(part.get("value") or "") for part in contents), key=len, default="")
    description = _text(entry, "summary") or ""
    summary = fields.summary(description) if description != content else None
    if not content and len(summary or "") >= FULL_TEXT_MIN_CHARS and "<p" in description.lower():
        content = description
    return ParsedItem(
        link=link,
        guid=fields.guid(_text(entry, "id")),
        title=fields.title(_text(entry, "title")),
        summary=summary,
        content_html=fields.content(content),
        authors=fields.authors(_authors(entry)),
        published_at=published_at,
        published_raw=published_raw,
        updated_at=updated_at,
        categories=fields.categories(str(tag.get("label") or tag.get("term") or "") for tag in _dicts(entry, "tags")),
        language=fields.language(
            *(part.get("language") for part in contents), _detail(entry, "title", "language"), feed_language
        ),
        enclosures=fields.enclosures(
            (link.get("href"), link.get("type"), link.get("length"))
            for link in _dicts(entry, "links")
            if link.get("rel") == "enclosure"
        ),
        truncated=fields.cut,
    )


def _link(entry: Entry) -> str | None:
    """Without a link the guid is one by default (RSS 2.0), which holds only where it is a whole address."""
    link = _text(entry, "link")
    is_guid = link == _text(entry, "id") and not (link or "").strip().lower().startswith(("http://", "https://"))
    return None if is_guid else link


def _dates(entry: Entry, version: str) -> tuple[str | None, str | None]:
    """Published and updated. RSS 1.0 has one date, dc:date, which feedparser calls updated and which is publication."""
    published = _text(entry, "published") or _text(entry, "created")
    updated = _text(entry, "updated")
    if published is None and not version.startswith("atom"):
        return updated, None
    return published, updated


def _authors(entry: Entry) -> Sequence[str]:
    people = [str(person.get("name") or "") for person in _dicts(entry, "authors")]
    return [name for name in people if name] or [_text(entry, "author") or ""]


def _text(found: Entry, key: str) -> str | None:
    """Without feedparser's substitutes: it answers `updated` with `published` where that is all there is."""
    value = dict.get(found, key) if isinstance(found, dict) else None
    return value if isinstance(value, str) else None


def _dicts(found: Entry, key: str) -> list[Entry]:
    value = dict.get(found, key) if isinstance(found, dict) else None
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _detail(entry: Entry, key: str, part: str) -> str | None:
    detail = dict.get(entry, f"{key}_detail") if isinstance(entry, dict) else None
    value = detail.get(part) if isinstance(detail, dict) else None
    return value if isinstance(value, str) else None


def _ttl_s(raw: str | None) -> int | None:
    text = (raw or "").strip()
    minutes = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    return min(minutes, TTL_MAX_MINUTES) * 60 or None


def _update_period_s(channel: Entry) -> int | None:
    """RSS 1.0 syndication module: the period divided by how often in it."""
    period = PERIOD_S.get((_text(channel, "sy_updateperiod") or "").strip().lower())
    raw = (_text(channel, "sy_updatefrequency") or "1").strip()
    often = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 8 else 1
    return period // max(1, often) if period else None


def _hour(raw: bytes) -> int | None:
    """0 to 23; RSS 0.91 wrote midnight as 24."""
    return int(raw) % 24 if raw.isdigit() and int(raw) <= 24 else None
