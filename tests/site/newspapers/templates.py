"""The outlets' page templates: four ways to mark up the same article."""

import json
from html import escape

from newspapers.story import Story

MENU = ("World", "Politics", "Science", "Culture", "Sport")


def _paragraphs(story: Story) -> str:
    return "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in story.report.paragraphs)


def _credit(story: Story) -> str:
    sources = [url for url in story.report.source_url.split() if url]
    links = ", ".join(f'<a href="{escape(url)}">source {number}</a>' for number, url in enumerate(sources, 1))
    return f"<footer><small>{escape(story.report.licence)}. {links}</small></footer>"


def _byline(story: Story) -> str:
    return escape(", ".join(story.report.authors))


def _menu() -> str:
    return "<nav><ul>" + "".join(f'<li><a href="/{name.lower()}">{name}</a></li>' for name in MENU) + "</ul></nav>"


def plain(story: Story, outlet: str, url: str) -> str:
    """One h1, paragraphs, hardly a class name: what a small paper's own software writes."""
    title = escape(story.report.title)
    byline = f'<p class="author">By {_byline(story)}</p>' if story.report.authors else ""
    return f"""<!DOCTYPE html>
<html lang="{story.report.language}"><head><meta charset="utf-8"><title>{title} | {outlet}</title>
<link rel="canonical" href="{url}"></head>
<body>{_menu()}
<h1>{title}</h1>{byline}
<time datetime="{story.published_at.isoformat()}">{story.published_at:%d %B %Y}</time>
<article>
{_paragraphs(story)}
</article>
{_credit(story)}</body></html>
"""


def structured(story: Story, outlet: str, url: str) -> str:
    """schema.org NewsArticle, Open Graph and a site suffix: what a large content system writes."""
    title = escape(story.report.title)
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.report.title,
        "datePublished": story.published_at.isoformat(),
        "dateModified": story.updated_at.isoformat(),
        "author": [{"@type": "Organization", "name": name} for name in story.report.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet},
        "mainEntityOfPage": url,
    }
    ld = json.dumps(facts, ensure_ascii=False).replace("</", "<\\/")
    return f"""<!DOCTYPE html>
<html lang="{story.report.language}" prefix="og: https://ogp.me/ns#"><head><meta charset="utf-8">
<title>{title} - {outlet}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{title}"><meta property="og:url" content="{url}">
<meta property="og:site_name" content="{outlet}"><meta name="description" content="{escape(story.report.summary)}">
<meta property="article:published_time" content="{story.published_at.isoformat()}">
<meta property="article:modified_time" content="{story.updated_at.isoformat()}">
<link rel="canonical" href="{url}"><script type="application/ld+json">{ld}</script></head>
<body><header class="masthead"><a href="/">{outlet}</a>{_menu()}</header>
<main><article class="story"><header><h1 class="headline">{title}</h1>
<div class="byline"><span class="byline__name">{_byline(story)}</span></div></header>
<div class="story-body">
{_paragraphs(story)}
</div></article>
<aside class="related"><h2>Read next</h2><ul><li><a href="/latest">Latest from the harbour</a></li></ul></aside></main>
{_credit(story)}</body></html>
"""


def nested(story: Story, outlet: str, url: str) -> str:
    """Microdata on anonymous divisions between teasers and a cookie notice, as page builders write it."""
    title = escape(story.report.title)
    return f"""<!DOCTYPE html>
<html lang="{story.report.language}"><head><meta charset="utf-8"><title>{outlet}: {title}</title>
<meta name="author" content="{_byline(story)}"><link rel="canonical" href="{url}"></head>
<body><div id="cookie">We use cookies. <a href="/privacy">Accept</a></div><div id="top">{_menu()}</div>
<div id="wrap"><div class="col" itemscope itemtype="https://schema.org/NewsArticle">
<div class="t"><h1 itemprop="headline">{title}</h1></div>
<div class="m"><span itemprop="author">{_byline(story)}</span>
<meta itemprop="datePublished" content="{story.published_at.isoformat()}"></div>
<div class="b" itemprop="articleBody">
{_paragraphs(story)}
</div></div>
<div class="col2"><div class="teaser"><a href="/a">Weather for the weekend</a></div>
<div class="teaser"><a href="/b">Subscribe to the evening letter</a></div></div></div>
{_credit(story)}</body></html>
"""


def old_fashioned(story: Story, outlet: str, url: str) -> str:
    """Capitals, fonts and paragraphs that never end, no canonical link: a site nobody has touched for twenty years."""
    title = escape(story.report.title)
    text = "\n".join(f"<P><FONT FACE=Times SIZE=3>{escape(text, quote=False)}</FONT>" for text in story.report.paragraphs)
    return f"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8">
<TITLE>{outlet} - {title}</TITLE></HEAD>
<BODY BGCOLOR=#FFFFFF><CENTER>{_menu()}</CENTER><HR>
<H1>{title}</H1><I>{_byline(story)}, {story.published_at:%B %d, %Y}</I>
{text}
<HR>{_credit(story)}</BODY></HTML>
"""
