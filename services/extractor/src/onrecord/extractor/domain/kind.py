"""What sort of page it is: its kind, whether it is whole, whether it is an article at all, and what it permits."""

import re
from urllib.parse import urlsplit

from onrecord.contracts import ArticleKind, Partial, Publisher, Rights
from onrecord.extractor.domain.facts import Head, Structured
from onrecord.extractor.domain.title import words

_OPINION = frozenset(
    [
        "opinion",
        "opinions",
        "editorial",
        "editorials",
        "oped",
        "op-ed",
        "commentary",
        "comment",
        "column",
        "columns",
        "columnists",
        "debate",
        "letters",
        "meinung",
        "kommentar",
        "kommentare",
        "kolumne",
        "kolumnen",
        "leitartikel",
        "opinione",
        "opinioni",
        "tribune",
        "tribunes",
        "idees",
        "debats",
        "opinión",
        "columna",
        "columnas",
        "meninger",
        "mening",
        "ledare",
        "debatt",
    ]
)
_LIVE = frozenset({"live", "liveblog", "live-blog", "liveticker", "ticker", "live-updates"})
_VIDEO = frozenset({"video", "videos", "watch", "mediathek"})
_INTERVIEW = frozenset(["interview", "interviews", "entrevista", "intervista", "entretien", "intervju"])
_LISTING_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage", "ContactPage", "CheckoutPage", "ImageGallery"})
_HOST = re.compile(r"^(?=.{4,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?!\d+$)[a-z0-9-]{2,}$")
MAX_VIDEO_TEXT_CHARS = 1_500  # a video page with more is an article with a video


def kind_of(head: Head, structured: Structured, *, url: str, title: str, text: str) -> ArticleKind:
    path = {part for part in re.split(r"[/.]", urlsplit(url).path.lower()) if part}
    labels = path | set(words(structured.section)) | set(words(head.first("article:section")))
    heading = set(words(title))
    if structured.article_type == "LiveBlogPosting" or path & _LIVE:
        return ArticleKind.live_blog
    if structured.article_type == "OpinionNewsArticle" or labels & _OPINION:
        return ArticleKind.opinion
    if (head.first("og:type").startswith("video") or path & _VIDEO) and len(text) <= MAX_VIDEO_TEXT_CHARS:
        return ArticleKind.video
    if (labels | heading) & _INTERVIEW:
        return ArticleKind.interview
    return ArticleKind.other if structured.article_type == "AdvertiserContentArticle" else ArticleKind.report


def partial_of(head: Head, structured: Structured, *, truncated: bool) -> Partial | None:
    if structured.free is False or head.first("article:content_tier").lower() == "locked":
        return Partial.paywall
    return Partial.truncated if truncated else None


def is_listing(head: Head, structured: Structured, url: str) -> bool:
    """A home, section or search page, where sure: nothing on it says article and its address or type says list."""
    if structured.article_type or head.first("og:type").lower() in ("article", "video.other", "blog"):
        return False
    if head.first("article:published_time", "datepublished"):
        return False
    parts = urlsplit(url)
    return (parts.path in ("", "/") and not parts.query) or bool(structured.types & _LISTING_TYPES)


def publisher_of(head: Head, structured: Structured, url: str, feed_says: str | None = None) -> Publisher:
    domain = (urlsplit(url).hostname or "").removeprefix("www.")
    name = (
        structured.publisher
        or head.first("og:site_name", "application-name", "dc.publisher", "citation_publisher")
        or feed_says
        or domain
    )
    return Publisher(name=name, domain=domain)


def canonical_of(raw: str) -> str | None:
    """A public http(s) address or None; it is kept as a fact and never fetched here."""
    try:
        parts = urlsplit(raw)
        host = (parts.hostname or "").encode("idna").decode().lower()
        usable = parts.scheme in ("http", "https") and "@" not in parts.netloc and _HOST.match(host) is not None
    except ValueError:
        return None
    return raw if usable and len(raw) <= 2_000 and not host.endswith((".local", ".internal", ".localhost")) else None


def rights_of(head: Head) -> Rights | None:
    """What the page's meta elements reserve: `noai`, and the TDM reservation protocol."""
    robots = {word.strip().lower() for line in head.all("robots", "googlebot") for word in line.split(",")}
    reserved = head.first("tdm-reservation").strip() == "1"
    forbidden = bool(robots & {"noai", "noimageai"})
    terms = head.first("tdm-policy", "dcterms.license", "dc.rights", "dcterms.rights", "copyright") or None
    if not (reserved or forbidden or terms):
        return None
    return Rights(
        usage_terms=terms,
        ai_training="disallowed" if forbidden or reserved else None,
        source="meta robots" if forbidden else "meta tdm-reservation" if reserved else "meta",
    )
