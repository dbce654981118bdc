import gzip
import pickle
from datetime import UTC, datetime

import feedparser
import pytest

from onrecord.contracts.item import Enclosure
from onrecord.feed.adapters.parse import parse_feed
from onrecord.feed.domain.errors import BrokenFeed, EmptyBody, FeedError, NotAFeed
from onrecord.feed.domain.parsed import Flag, ParsedFeed, ParsedItem
from onrecord.web import Allowlist, UrlPolicy

NOW = datetime(2026, 11, 10, tzinfo=UTC)
TEN = datetime(2026, 11, 2, 10, tzinfo=UTC)
URL = "https://paper.example/feeds/all.xml"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>The Daily &amp;amp; Sunday Paper</title><link>/</link><language>en_GB</language><ttl>30</ttl>
<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://paper.example/feeds/all.xml"/>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
<skipHours><hour>0</hour><hour>24</hour><hour>3</hour><hour>99</hour></skipHours><skipDays><day>Sunday</day><day>May</day></skipDays>
<item><title>Minister: "No &lt;i&gt;new&lt;/i&gt; tax"</title><link>../a/1?x=1#top</link><guid isPermaLink="false">tag-1</guid>
<dc:creator>Jo Lee</dc:creator><dc:creator>Sam Roe</dc:creator><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>
<description>&lt;p&gt;A short &amp;amp; plain teaser.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>All of it.</p>]]></content:encoded>
<category>Politics</category><category>Tax</category><enclosure url="/m.mp3" length="12" type="audio/mpeg"/></item>
<item><guid>https://paper.example/a/2</guid><author>desk@paper.online (The Desk)</author><pubDate>02/11/2026</pubDate></item>
<item><title>No address at all</title><guid>17</guid></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://zeitung.example/x/">
<title type="html">Die &amp;lt;b&amp;gt;Zeitung</title><link rel="hub" href="https://hub.example/"/><link href="/"/>
<entry><id>urn:uuid:1</id><title>Kanzler</title><link rel="self" href="e/1.atom"/><link rel="alternate" href="a/1"/>
<author><name>Jo Lee</name><email>jo@zeitung.example</email></author><author><name>Sam Roe</name></author>
<published>2026-11-02T11:00:00+01:00</published><updated>2026-11-03T10:00:00Z</updated><category term="p" label="Politik"/>
<summary>Kurz &lt; knapp</summary><content type="xhtml" xml:lang="fr"><div xmlns="http://www.w3.org/1999/xhtml"><p>Oui.</p></div></content>
<link rel="enclosure" href="m.mp3" type="audio/mpeg"/></entry>
<entry><id>urn:uuid:2</id><title>Nur geändert</title><link href="a/2"/><updated>2026-11-02T10:00:00Z</updated></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://old.example/rss"><title>Old</title>
<link>https://old.example/</link><items><rdf:Seq><rdf:li rdf:resource="https://old.example/1"/></rdf:Seq></items></channel>
<item rdf:about="https://old.example/1"><title>One</title><link>https://old.example/1</link><dc:creator>Jo Lee</dc:creator>
<dc:date>2026-11-02T10:00:00Z</dc:date><description>d</description></item></rdf:RDF>"""

ATOM_03 = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Older</title><entry><id>tag:1</id><title>One</title>
<link rel="alternate" href="https://old.example/1"/><issued>2026-11-02T10:00:00Z</issued><modified>2026-11-02T10:00:00Z</modified>
</entry></feed>"""


def read(text: str | bytes, *, url: str = URL, content_type: str | None = "application/xml") -> ParsedFeed:
    body = text.encode() if isinstance(text, str) else text
    return parse_feed(body, url=url, content_type=content_type, now=NOW)


def test_rss_channel() -> None:
    feed = read(RSS)
    assert (feed.version, feed.title, feed.language) == ("rss20", "The Daily & Sunday Paper", "en-GB")
    assert (feed.site_link, feed.self_link, feed.hubs) == ("https://paper.example/", URL, ("https://hub.example/",))
    assert (feed.ttl_s, feed.update_period_s) == (1_800, 21_600)
    assert (feed.skip_hours, feed.skip_days) == (frozenset({0, 3}), frozenset({6}))
    assert feed.flags == {Flag.item_without_link: 1}


def test_rss_items() -> None:
    first, second = read(RSS).items
    assert first == ParsedItem(
        link="https://paper.example/a/1?x=1",
        guid="tag-1",
        title='Minister: "No new tax"',
        summary="A short & plain teaser.",
        content_html="<p>All of it.</p>",
        authors=("Jo Lee", "Sam Roe"),
        published_at=TEN,
        published_raw="Mon, 02 Nov 2026 10:00:00 GMT",
        categories=("Politics", "Tax"),
        language="en-GB",
        enclosures=(Enclosure(url="https://paper.example/m.mp3", type="audio/mpeg", length=12),),
    )
    assert (second.link, second.guid, second.authors) == ("https://paper.example/a/2", "https://paper.example/a/2", ("The Desk",))
    assert (second.published_at, second.published_raw) == (None, "02/11/2026")


def test_atom() -> None:
    feed = read(ATOM)
    first, second = feed.items
    assert (feed.version, feed.hubs, feed.site_link) == ("atom10", ("https://hub.example/",), "https://zeitung.example/")
    assert (first.link, first.guid, first.authors) == ("https://zeitung.example/x/a/1", "urn:uuid:1", ("Jo Lee", "Sam Roe"))
    assert (first.published_at, first.updated_at) == (TEN, datetime(2026, 11, 3, 10, tzinfo=UTC))
    assert (first.summary, first.content_html, first.language) == ("Kurz < knapp", "<p>Oui.</p>", "fr")
    assert (first.categories, first.enclosures[0].url) == (("Politik",), "https://zeitung.example/x/m.mp3")
    assert (second.published_at, second.published_raw, second.updated_at, second.language) == (None, None, TEN, "de")


def test_rdf_date_is_publication() -> None:
    (item,) = read(RDF).items
    assert (item.link, item.published_at, item.updated_at, item.authors) == ("https://old.example/1", TEN, None, ("Jo Lee",))


def test_atom_03() -> None:
    (item,) = read(ATOM_03).items
    assert (item.guid, item.published_at, item.updated_at) == ("tag:1", TEN, TEN)


@pytest.mark.parametrize("version", ["0.90", "0.91", "0.92", "2.0"])
def test_rss_versions(version: str) -> None:
    text = f'<rss version="{version}"><channel><title>T</title><item><title>a</title><link>https://a.example/1</link></item></channel></rss>'
    assert [item.link for item in read(text).items] == ["https://a.example/1"]


def test_full_text_in_description_is_content() -> None:
    paragraphs = "&lt;p&gt;" + "The minister said no. " * 100 + "&lt;/p&gt;"
    (item,) = read(
        f"<rss><channel><item><link>https://a.example/1</link><description>{paragraphs}</description></item></channel></rss>"
    ).items
    assert (item.content_html or "").startswith("<p>The minister")
    assert (item.summary or "").startswith("The minister")


@pytest.mark.parametrize(
    "mangled",
    [
        "<br />\n<b>Warning</b>: include() in feed.php on line 3<br />\n" + RSS,
        "\n\n  " + RSS,
        "\ufeff\ufeff" + RSS,
        RSS + "<script>track()</script>",
        RSS.replace('encoding="utf-8"', 'encoding="utf-16"'),
        RSS.replace('version="1.0"', 'version="1.1"', 1),
        RSS.replace("</item>", "", 1),
        RSS.replace('xmlns:dc="http://purl.org/dc/elements/1.1/"', ""),
        RSS.replace("Minister:", "Minister &bogus; & co\x00\x0b&#xD800;&#0;:"),
        RSS.replace("<item>", "<!-- <item> --><item>"),
    ],
)
def test_common_damage_is_read_through(mangled: str) -> None:
    feed = read(mangled)
    assert [item.link for item in feed.items] == ["https://paper.example/a/1?x=1", "https://paper.example/a/2"]
    assert feed.items[0].published_at == TEN


@pytest.mark.parametrize("content_type", [None, "", "text/html", "application/octet-stream", "text/plain; charset=us-ascii", "x"])
def test_wrong_content_type_does_not_matter(content_type: str | None) -> None:
    assert len(read(RSS, content_type=content_type).items) == 2


def test_gzip_file() -> None:
    assert len(read(gzip.compress(RSS.encode())).items) == 2


def test_windows_reference_is_a_dash() -> None:
    (item, _) = read(RSS.replace("Minister:", "Minister &#150;")).items
    assert (item.title or "").startswith("Minister \u2013")


def test_guid_is_not_resolved_against_the_feed() -> None:
    text = "<rss><channel><item><guid>story-7</guid><link>https://a.example/7</link></item></channel></rss>"
    assert [read(text, url=url).items[0].guid for url in (URL, "https://moved.example/")] == ["story-7"] * 2


def test_empty_channel_is_a_feed() -> None:
    assert read("<rss version='2.0'><channel><title>New</title></channel></rss>").items == ()


def test_policy_refuses_links_and_counts_them() -> None:
    text = "<rss><channel><item><link>http://127.0.0.1:8000/a</link></item></channel></rss>"
    assert len(read(text).items) == 1
    refused = parse_feed(text.encode(), url=URL, content_type=None, now=NOW, policy=UrlPolicy())
    assert (refused.items, refused.flags) == ((), {Flag.item_link_refused: 1})
    own = UrlPolicy(allowlist=Allowlist.parse("127.0.0.1/32:8000"))
    assert len(parse_feed(text.encode(), url=URL, content_type=None, now=NOW, policy=own).items) == 1


def test_web_page_is_told_with_its_feed() -> None:
    page = '<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head><body>Hi</body></html>'
    with pytest.raises(NotAFeed) as refusal:
        read(page, content_type="text/html")
    assert refusal.value.detail == "a web page; it names a feed: https://paper.example/rss"


@pytest.mark.parametrize(
    "text", ["<opml version='2.0'><body/></opml>", "hello", "<svg/>", "%PDF-1.7", "null", "<!DOCTYPE foo><foo/>"]
)
def test_not_a_feed(text: str) -> None:
    with pytest.raises(NotAFeed):
        read(text)


def test_empty_body() -> None:
    with pytest.raises(EmptyBody):
        read(b"")


def test_noise_that_begins_like_a_feed_is_a_broken_one() -> None:
    with pytest.raises(BrokenFeed):
        read('<?xml version="1.0"?><rss version="2.0"><channel><<\x12noise')


def test_a_feed_without_items_may_have_a_flaw_in_it() -> None:
    found = read('<rss version="2.0"><channel><title>News & views</title></channel></rss>')
    assert (found.title, found.items) == ("News & views", ())


def test_whatever_the_parser_raises_is_a_broken_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(*_: object, **__: object) -> None:
        raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")

    monkeypatch.setattr(feedparser, "parse", raises)
    with pytest.raises(BrokenFeed, match="UnicodeEncodeError"):
        read(RSS)


def test_local_paths_are_no_bodies() -> None:
    with pytest.raises(NotAFeed):
        read(__file__)


def test_results_and_errors_cross_process_borders() -> None:
    feed = read(RSS)
    assert pickle.loads(pickle.dumps(feed)) == feed
    error = pickle.loads(pickle.dumps(BrokenFeed("why")))
    assert isinstance(error, FeedError)
    assert (error.reason, error.detail) == ("broken_feed", "why")
