"""A page made of what a full-content feed carried, when the site refuses the page itself."""

import hashlib
import html
from datetime import datetime

from onrecord.contracts import Item, Page, compress_body, ids
from onrecord.web import canonical_url


def page_from_feed(item: Item, fetched_at: datetime) -> Page | None:
    """None when the feed carried no content."""
    if not item.content_html:
        return None
    title = html.escape(item.title or "")
    head = f"<!doctype html><html><head><title>{title}</title></head>"
    body = f"{head}<body><article><h1>{title}</h1>{item.content_html}</article></body></html>".encode()
    url = canonical_url(item.link)
    return Page(
        article_id=ids.article_id(url),
        item=item,
        url_requested=item.hop.url_requested if item.hop else item.link,
        url_final=item.link,
        article_url=url,
        http_content_type="text/html",
        http_charset="utf-8",
        fetched_at=fetched_at,
        body_sha256=hashlib.sha256(body).hexdigest(),
        from_feed=True,
        body=compress_body(body),
    )
