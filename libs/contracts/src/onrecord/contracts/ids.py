"""Deterministic ids: the same input gives the same id in every service and every run (UUIDv5, RFC 9562)."""

import hashlib
import unicodedata
import uuid
from datetime import UTC, datetime

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "onrecord.org")


def make_id(kind: str, *fields: str) -> uuid.UUID:
    """UUIDv5 whose name is the record kind and each field, every one as 4-byte big-endian length + UTF-8."""
    name = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in (kind, *fields)))
    digest = hashlib.sha1(NAMESPACE.bytes + name, usedforsecurity=False).digest()
    return uuid.UUID(bytes=digest[:16], version=5)


def feed_id(url: str) -> uuid.UUID:
    """`url` as registered."""
    return make_id("feed", url)


def item_id(feed: uuid.UUID, identity: str) -> uuid.UUID:
    """`identity`: the scheme-normalised guid, else the canonical link, else title + date."""
    return make_id("item", str(feed), identity)


def article_id(article_url: str) -> uuid.UUID:
    """`article_url`: the final URL, normalised; the scraper alone calls this, once, before `page` is keyed."""
    return make_id("article", article_url)


def statement_id(article: uuid.UUID, text_key: str, ordinal: int) -> uuid.UUID:
    """`ordinal` counts the equal texts of one article from 0."""
    return make_id("statement", str(article), text_key, str(ordinal))


def event_id(ce_type: str, subject: str, *revision: str) -> uuid.UUID:
    return make_id("event", ce_type, subject, *revision)


def text_key(text: str) -> str:
    """sha256 of the NFKC, case-folded, punctuation-free words: the key of exact clusters (the Quotebank rule)."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in folded).split()
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def micros(moment: datetime) -> str:
    """RFC 3339 UTC with six fractional digits, always: the text form that ids are made of."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
