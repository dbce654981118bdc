"""Is this an HTML document at all? Asked before anything is decoded or parsed."""

import re

from onrecord.extractor.domain.errors import NoText, NotHtml

SNIFF_BYTES = 1024  # as the MIME Sniffing standard reads
MAX_CONTROL_SHARE = 0.05  # of the first bytes; text has none but tabs and line ends
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"RIFF", b"\x7fELF", b"wOF", b"{\\rtf")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML_TYPES = (
    "text/html",
    "application/xhtml+xml",
    "application/xml",
    "text/xml",
    "text/plain",
    "application/octet-stream",
    "unknown/unknown",
)
_OTHER_ROOT = re.compile(
    rb"^(?:<\?xml[^>]*+>|<!--.*?-->|<!DOCTYPE\s+(?!html)[^>]*+>|[^<\w]*+)*+<(?:svg|rss|feed|rdf:RDF|urlset|sitemapindex|opml|math)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def require_html(body: bytes, content_type: str | None) -> None:
    """Raises NotHtml for what a browser would not show as a page, NoText for a page with nothing in it."""
    media = (content_type or "").split(";")[0].strip().lower()
    if media and media not in _HTML_TYPES:
        raise NotHtml
    if not body.strip():
        raise NoText
    start = body[:SNIFF_BYTES]
    if not start.strip() or start.lstrip().startswith(_MAGIC):
        raise NotHtml
    if start.startswith(_BOMS):
        return
    if len(start) - len(start.translate(None, _CONTROLS)) > MAX_CONTROL_SHARE * len(start):
        raise NotHtml
    if _OTHER_ROOT.match(start):
        raise NotHtml
