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
    """A fetched page. The value is the body's bytes, zstd; the fields below stand in headers of the same name."""

    ce_type: ClassVar[str] = "org.onrecord.page.fetched.v1"
    topic: ClassVar[str] = "onrecord.page.v1"
    schema_name: ClassVar[str] = "page"

    article_id: UUID = Field(description="UUIDv5 of `article_url`; the record's `ce_subject`")
    item: Item = Field(description="the item event; a header with compact JSON")
    url_requested: str = Field(description="where the fetch began")
    url_final: str = Field(description="where redirects ended")
    article_url: str = Field(description="final URL, normalised, tracking parameters removed")
    redirects: int = Field(default=0, ge=0, description="redirects followed")
    http_status: int | None = Field(default=None, description="absent where the body came with the feed")
    http_content_type: str | None = None
    http_charset: str | None = Field(default=None, description="charset of the Content-Type header")
    http_etag: str | None = None
    http_last_modified: str | None = None
    fetched_at: AwareDatetime = Field(description="when the body arrived")
    body_sha256: str = Field(description="hex, of the body before compression")
    from_feed: bool = Field(default=False, description="true where the body is the feed's `content_html`")
    rights: Rights | None = Field(default=None, description="what the site allows; a header with compact JSON")
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
        if zstandard.frame_content_size(body) > MAX_HTML_BYTES:
            raise ValueError(f"page body is larger than {MAX_HTML_BYTES} bytes")
        # In one piece, since the streaming reader takes a body that was cut short for a whole one.
        return zstandard.ZstdDecompressor().decompress(body, max_output_size=MAX_HTML_BYTES, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise ValueError(f"page body is not zstd: {error}") from error
