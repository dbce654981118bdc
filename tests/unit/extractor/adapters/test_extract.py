import json
import pickle
from datetime import UTC, datetime

import pytest

from onrecord.contracts import ArticleKind, OutcomeKind, Partial, Precision
from onrecord.extractor.adapters.extract import extract_page
from onrecord.extractor.domain.errors import NotArticle, NoText, NotHtml, PageError
from onrecord.extractor.domain.page import ExtractedPage, FeedHints, Limit
from unit.extractor.pages import NOW, PARAGRAPHS, URL, article, page, story


def extract(
    body: bytes, *, url: str = URL, feed: FeedHints | None = None, content_type: str | None = "text/html"
) -> ExtractedPage:
    return extract_page(body, url=url, http_charset=None, content_type=content_type, feed=feed, now=NOW)


def ld(**facts: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **facts})}</script>'


def test_a_plain_article() -> None:
    found = extract(article())
    assert found.text == "\n".join(PARAGRAPHS)
    assert found.title == "Bridge opens at last"
    assert found.language == "en"
    assert found.publisher.domain == "harbour.example"
    assert found.kind is ArticleKind.report
    assert (found.authors, found.published_at, found.partial, found.limits) == ((), None, None, ())


def test_structured_facts() -> None:
    head = (
        ld(
            headline="Bridge opens at last",
            author={"@type": "Person", "name": "Bo Ek"},
            datePublished="2026-01-05T10:30:00+01:00",
            dateModified="2026-01-06",
            publisher={"@type": "Organization", "name": "Harbour Courier"},
            articleSection="Local",
            keywords="bridge, harbour",
            isAccessibleForFree=False,
        )
        + '<link rel="canonical" href="/news/bridge"><meta name="robots" content="noai">'
    )
    found = extract(article(head=head))
    assert found.authors == ("Bo Ek",)
    assert found.published_at is not None
    assert (found.published_at.value, found.published_at.precision, found.published_at.basis) == (
        "2026-01-05T10:30+01:00",
        Precision.minute,
        "json-ld",
    )
    assert found.modified_at is not None
    assert found.modified_at.value == "2026-01-06"
    assert found.publisher.name == "Harbour Courier"
    assert (found.section, found.tags, found.partial) == ("Local", ("bridge", "harbour"), Partial.paywall)
    assert found.canonical_url == "https://www.harbour.example/news/bridge"
    assert found.rights is not None
    assert found.rights.ai_training == "disallowed"


def test_the_feed_has_the_first_word() -> None:
    feed = FeedHints(
        title="Bridge opens at last", authors=("Cy Dun",), published_at=datetime(2026, 1, 4, 8, 0, tzinfo=UTC), language="en-GB"
    )
    found = extract(article(head=ld(author="Bo Ek", datePublished="2026-01-05")), feed=feed)
    assert found.authors == ("Cy Dun",)
    assert found.published_at is not None
    assert (found.published_at.value, found.published_at.basis) == ("2026-01-04T08:00+00:00", "feed")


@pytest.mark.parametrize(
    "byline",
    [
        '<div class="byline">By Bo Ek</div>',
        '<p><a href="/author/bo-ek">Bo Ek</a></p>',
        "<div><small>posted on Monday</small> by Bo Ek</div>",
        '<span itemprop="author" itemscope><span itemprop="name">Bo Ek</span></span>',
        '<p>Von <a href="/x">Bo Ek</a></p>',
    ],
)
def test_bylines_below_the_headline(byline: str) -> None:
    assert extract(article(after_heading=byline)).authors == ("Bo Ek",)


def test_the_date_below_the_headline() -> None:
    updated = '<time class="updated" datetime="2026-02-01">1 Feb</time>'
    found = extract(article(after_heading=updated + '<time datetime="2026-01-05T10:30Z">5 Jan</time>'))
    assert found.published_at is not None
    assert (found.published_at.value, found.published_at.basis) == ("2026-01-05T10:30+00:00", "headline")


def test_pages_and_results_travel_between_processes() -> None:
    found = extract(article())
    assert pickle.loads(pickle.dumps(found)) == found
    error = pickle.loads(pickle.dumps(NoText(Limit.html_too_complex)))
    assert isinstance(error, NoText)
    assert error.reason == "html_too_complex"


@pytest.mark.parametrize(
    ("body", "url", "error", "outcome"),
    [
        (b"%PDF-1.7 <p>x</p>", URL, NotHtml, OutcomeKind.not_html),
        (b"no tags at all", URL, NotHtml, OutcomeKind.not_html),
        (page("<p>Too short to be news.</p>"), URL, NoText, OutcomeKind.no_text),
        (page("<div id=app></div><script>load()</script>"), URL, NoText, OutcomeKind.no_text),
        (page(story()), "https://www.harbour.example/", NotArticle, OutcomeKind.not_article),
    ],
)
def test_other_ends_are_typed(body: bytes, url: str, error: type[PageError], outcome: OutcomeKind) -> None:
    with pytest.raises(error) as ended:
        extract(body, url=url)
    assert ended.value.outcome is outcome
    assert ended.value.reason == outcome.value


def test_a_caption_of_a_page_that_was_lost_is_no_text() -> None:
    links = "".join(f'<li><a href="/{number}">A headline of another story, number {number}</a></li>' for number in range(2_000))
    with pytest.raises(NoText):
        extract(page(f"<ul>{links}</ul><div><p>{PARAGRAPHS[0]} {PARAGRAPHS[0]}</p></div>"))


def test_deep_nesting_loses_no_text() -> None:
    body = extract(page("<article><h1>Bridge opens at last</h1>" + "<div>" * 600 + story() + "</div>" * 600 + "</article>"))
    assert body.text == "\n".join(PARAGRAPHS)
    assert not body.truncated


def test_a_story_that_scripts_would_draw_is_read_from_them() -> None:
    data = json.dumps({"props": {"story": story()}}).replace("<", "\\u003c")
    found = extract(page(f"<div id=root></div><script>window.state = {data};</script>"))
    assert found.text == "\n".join(PARAGRAPHS)


def test_a_story_in_a_streamed_string_of_json_is_read_too() -> None:
    data = json.dumps(json.dumps({"story": story()})).replace("<", "\\u003c")
    assert extract(page(f"<div id=root></div><script>self.push([1,{data}])</script>")).text == "\n".join(PARAGRAPHS)


def test_what_a_paywall_hides_stays_hidden() -> None:
    head = ld(headline="Bridge opens at last", isAccessibleForFree=False, articleBody=" ".join(PARAGRAPHS))
    with pytest.raises(NoText):
        extract(page("<h1>Bridge opens at last</h1><p>Subscribe to read.</p>", head=head))
    free = ld(headline="Bridge opens at last", articleBody=" ".join(PARAGRAPHS))
    assert extract(page("<h1>Bridge opens at last</h1><p>Loading.</p>", head=free)).text == " ".join(PARAGRAPHS)


def test_a_page_with_too_many_elements_is_read_without_trafilatura_and_flagged() -> None:
    found = extract(page(f"<article><h1>Bridge opens at last</h1>{story()}" + "<div><i>x</i></div>" * 15_000 + "</article>"))
    assert found.limits == (Limit.html_too_complex,)
    assert found.truncated
    assert found.partial is Partial.truncated
    assert all(paragraph in found.text for paragraph in PARAGRAPHS)
