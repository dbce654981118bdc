"""From a planned item to the event that is published."""

from datetime import datetime
from uuid import UUID

from onrecord.contracts import Item, ItemReason, Lane, ids
from onrecord.feed.domain.parsed import ParsedFeed
from onrecord.feed.domain.plan import PlannedItem
from onrecord.web import host_port


def item_event(planned: PlannedItem, *, feed_id: UUID, feed_url: str, feed: ParsedFeed, now: datetime) -> Item:
    parsed = planned.item
    return Item(
        item_id=ids.item_id(feed_id, planned.key),
        item_revision=planned.revision,
        feed_id=feed_id,
        feed_url=feed_url,
        feed_title=feed.title,
        guid=parsed.guid,
        link=parsed.link,
        link_host=host_port(parsed.link),
        title=parsed.title,
        summary=parsed.summary,
        content_html=parsed.content_html,
        authors=parsed.authors or None,
        published_at=parsed.published_at,
        published_raw=parsed.published_raw,
        updated_at=parsed.updated_at,
        discovered_at=now,
        categories=parsed.categories or None,
        language=parsed.language or feed.language,
        enclosures=parsed.enclosures or None,
        reason=planned.reason or ItemReason.new,
        truncated=parsed.truncated or None,
        lane=Lane.live,
    )
