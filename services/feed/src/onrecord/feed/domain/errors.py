"""Why a poll brought no feed. Every error carries one reason word, which is the poll's result in metrics and in the feed's table.

    FeedError
    ├── EmptyBody         empty_body         no byte, or none after decompression
    ├── FeedTooLarge      body_too_large     over the byte limit, as sent or decompressed
    ├── NotAFeed          not_a_feed         a web page, a picture, another JSON document
    ├── BrokenFeed        broken_feed        says it is a feed, and no item can be read
    ├── DtdForbidden      xml_dtd_forbidden  an internal DTD subset or an entity declaration
    ├── FeedTooDeep       xml_too_deep       nesting outside the items
    └── FeedTooComplex    feed_too_complex   a giant tag, too many attributes or elements

A worker that was killed at its limits is reported as `parse_killed` by the runtime.
"""

from typing import ClassVar


class FeedError(Exception):
    """One text argument, told to people, so that the error survives pickling on its way out of a worker."""

    reason: ClassVar[str] = "broken_feed"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class EmptyBody(FeedError):
    reason = "empty_body"


class FeedTooLarge(FeedError):
    reason = "body_too_large"


class NotAFeed(FeedError):
    reason = "not_a_feed"


class BrokenFeed(FeedError):
    reason = "broken_feed"


class DtdForbidden(FeedError):
    reason = "xml_dtd_forbidden"


class FeedTooDeep(FeedError):
    reason = "xml_too_deep"


class FeedTooComplex(FeedError):
    reason = "feed_too_complex"
