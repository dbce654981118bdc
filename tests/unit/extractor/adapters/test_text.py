from lxml import html

from onrecord.extractor.adapters import text as subject
from onrecord.extractor.adapters.html import parse
from onrecord.extractor.adapters.paragraphs import collect_paragraphs
from onrecord.extractor.adapters.text import article_text, overlap
from onrecord.extractor.domain.facts import Structured
from onrecord.extractor.domain.slim import slim
from unit.extractor.pages import PARAGRAPHS, URL, page, story


def tree_of(body: str) -> html.HtmlElement:
    tree = parse(body)
    assert tree is not None
    return tree


def test_the_collector_leaves_menus_comments_and_captions_out() -> None:
    tree = tree_of(
        "<body><nav><p>Navigation that is long enough to look like a paragraph of prose.</p></nav>"
        f"<main><h1>Title</h1>{story()}"
        "<figure><figcaption>The bridge as it was seen on Sunday from the east bank.</figcaption></figure>"
        "<p><a href=/1>Read more about the bridge and its long history in our archive</a></p>"
        '<div class="comments"><p>I do not believe a word of what is written up there, said nobody.</p></div></main></body>'
    )
    assert collect_paragraphs(tree).split("\n") == list(PARAGRAPHS)


def test_line_breaks_part_paragraphs() -> None:
    tree = tree_of("<body><div>" + "<br><br>".join(PARAGRAPHS) + "</div></body>")
    assert collect_paragraphs(tree).split("\n") == list(PARAGRAPHS)


def test_a_teaser_article_does_not_hide_the_page() -> None:
    tree = tree_of(f"<body><article><p>{PARAGRAPHS[0]}</p></article><div>{story()}{story()}</div></body>")
    assert PARAGRAPHS[3] in collect_paragraphs(tree)


def test_overlap_counts_words_as_often_as_they_stand() -> None:
    assert overlap("a b c d", "a b c d") == 1.0
    assert overlap("a a a a", "a") == 0.4
    assert overlap("", "") == 0.0


def test_an_extraction_that_broke_off_gives_way(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(subject, "main_text", lambda tree, url, thorough: PARAGRAPHS[0])
    markup = page(f"<article>{story()}</article>").decode()
    text, limits = article_text(tree_of(slim(markup).html), slim(markup), markup, Structured(), URL)
    assert text == "\n".join(PARAGRAPHS)
    assert limits == ()


def test_a_library_that_fails_gives_way(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(subject, "main_text", lambda tree, url, thorough: "")
    markup = page(f"<article>{story()}</article>").decode()
    assert article_text(tree_of(slim(markup).html), slim(markup), markup, Structured(), URL)[0] == "\n".join(PARAGRAPHS)


def test_short_news_in_ideographs_counts_for_more() -> None:
    news = "首相は火曜日、議会の反対にもかかわらず計画を進めると述べた。" * 4
    markup = page(f"<article><p>{news}</p></article>", lang="ja").decode()
    assert article_text(tree_of(slim(markup).html), slim(markup), markup, Structured(), URL)[0] == news
