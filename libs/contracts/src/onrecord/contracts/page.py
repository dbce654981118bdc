"""A fetched page: the body's bytes as the value, the HTTP facts in headers."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from onrecord.contracts.article import Rights
from onrecord.contracts.event import Event, ItemRef, Lane
from onrecord.contracts.ids import micros
from onrecord.contracts.item import Item

MAX_WIRE_BYTES = 2 * 1024 * 1024  # of the compressed body; a larger page ends as body_too_large
MAX_HTML_BYTES = 10 * 1024 * 1024  # of the decoded body: what the scraper takes from a site


class Page(Event):
    ce_type: ClassVar[str] = "org.onrecord.page.fetched.v1"
    topic: ClassVar[str] = "onrecord.page.v1"
    schema_name: ClassVar[str] = "page"

    article_id: UUID
    item: Item
    url_requested: str
    url_final: str
    article_url: str
    redirects: int = Field(default=0, ge=0)
    http_status: int | None = None
    http_content_type: str | None = None
    http_charset: str | None = None
    http_etag: str | None = None
    http_last_modified: str | None = None
    fetched_at: AwareDatetime
    body_sha256: str
    from_feed: bool = False
    rights: Rights | None = None
    body: bytes = Field(max_length=MAX_WIRE_BYTES, exclude=True, description="zstd-compressed, as on the wire")

    @property
    def subject(self) -> str:
        return str(self.article_id)

    @property
    def key(self) -> str:
        return str(self.article_id)

    @property
    def event_revision(self) -> tuple[str, ...]:
        return (micros(self.fetched_at),)

    @property
    def occurred_at(self) -> AwareDatetime:
        return self.fetched_at

    @property
    def item_ref(self) -> ItemRef:
        return self.item.item_ref

    @property
    def event_lane(self) -> Lane:
        return self.item.lane


def compress_body(html: bytes) -> bytes:
    """Needs the `page` extra."""
    import zstandard

    return zstandard.ZstdCompressor(level=6).compress(html)


def decompress_body(body: bytes) -> bytes:
    """The page's bytes, at most MAX_HTML_BYTES; raises ValueError for a larger or broken body. Needs the `page` extra."""
    import zstandard

    try:
        html = zstandard.ZstdDecompressor().stream_reader(body).read(MAX_HTML_BYTES + 1)
    except zstandard.ZstdError as error:
        raise ValueError(f"page body is not zstd: {error}") from error
    if len(html) > MAX_HTML_BYTES:
        raise ValueError(f"page body is larger than {MAX_HTML_BYTES} bytes")
    return html
