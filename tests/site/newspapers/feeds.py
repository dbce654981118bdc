"""Feed documents in the four forms: RSS 2.0, Atom, JSON Feed 1.1 and RSS 1.0 (RDF)."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from newspapers.story import Story

XML = '<?xml version="1.0" encoding="utf-8"?>\n'


@dataclass(frozen=True)
class Entry:
    """One feed entry; `link` may lead elsewhere than to the story's own page."""

    story: Story
    link: str
    guid: str
    content_html: str = ""


def entry(story: Story, base: str) -> Entry:
    return Entry(story, base + story.path, base + story.path)


def newest(entries: Iterable[Entry]) -> str:
    return max((item.story.updated_at.isoformat() for item in entries), default="")


def rss(title: str, base: str, entries: list[Entry], enclosures: Callable[[Entry], str] = lambda _: "") -> bytes:
    """`enclosures` may add raw XML to an item."""
    items = "".join(
        f"<item><title>{escape(item.story.report.title)}</title><link>{escape(item.link)}</link>"
        f'<guid isPermaLink="false">{escape(item.guid)}</guid>'
        f"<pubDate>{format_datetime(item.story.published_at, usegmt=True)}</pubDate>"
        f"<description>{escape(item.story.report.summary)}</description>"
        + (f"<content:encoded>{escape(item.content_html)}</content:encoded>" if item.content_html else "")
        + enclosures(item)
        + "</item>\n"
        for item in entries
    )
    return (
        f'{XML}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>{escape(title)}</title>'
        f"<link>{base}/</link><description>{escape(title)}</description><language>en</language>\n{items}</channel></rss>\n"
    ).encode()


def atom(title: str, base: str, entries: list[Entry]) -> bytes:
    items = "".join(
        f"<entry><id>{escape(item.guid)}</id><title>{escape(item.story.report.title)}</title>"
        f'<link rel="alternate" type="text/html" href={quoteattr(item.link)}/>'
        f"<published>{item.story.published_at.isoformat()}</published><updated>{item.story.updated_at.isoformat()}</updated>"
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in item.story.report.authors)
        + f"<summary>{escape(item.story.report.summary)}</summary></entry>\n"
        for item in entries
    )
    return (
        f'{XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><id>{base}/</id><title>{escape(title)}</title>'
        f'<link rel="self" href="{base}/atom.xml"/><link href="{base}/"/><updated>{newest(entries)}</updated>\n{items}</feed>\n'
    ).encode()


def json_feed(title: str, base: str, entries: list[Entry]) -> bytes:
    items = [
        {
            "id": item.guid,
            "url": item.link,
            "title": item.story.report.title,
            "summary": item.story.report.summary,
            "content_text": item.story.report.summary,
            "date_published": item.story.published_at.isoformat(),
            "authors": [{"name": name} for name in item.story.report.authors],
            "language": item.story.report.language,
        }
        for item in entries
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{base}/",
        "feed_url": f"{base}/feed.json",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def rdf(title: str, base: str, entries: list[Entry]) -> bytes:
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(item.link)}/>" for item in entries)
    items = "".join(
        f"<item rdf:about={quoteattr(item.link)}><title>{escape(item.story.report.title)}</title><link>{escape(item.link)}</link>"
        f"<description>{escape(item.story.report.summary)}</description><dc:date>{item.story.published_at.isoformat()}</dc:date></item>\n"
        for item in entries
    )
    return (
        f'{XML}<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{base}/feed.rdf"><title>{escape(title)}</title>'
        f"<link>{base}/</link><description>{escape(title)}</description><items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n"
        f"{items}</rdf:RDF>\n"
    ).encode()
