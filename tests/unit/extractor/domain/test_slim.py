from contextlib import suppress
from time import process_time

import pytest

from onrecord.extractor.domain.errors import NoText
from onrecord.extractor.domain.page import Limit
from onrecord.extractor.domain.slim import MAX_ATTRIBUTES, MAX_ATTRIBUTES_TO_MEND, MAX_DEPTH, MAX_HTML_CHARS, slim


def test_scripts_styles_drawings_and_comments_go() -> None:
    page = "<p>a</p><script>if (1<2) x='<p>no</p>'</script><style>p{}</style><svg><path d=''/></svg><!-- <p>no</p> --><p>b</p>"
    assert "".join(slim(page).html.split()) == "<p>a</p><p>b</p>"


def test_json_ld_is_handed_out() -> None:
    slimmed = slim('<script type="application/ld+json">{"@type": "NewsArticle"}</script><script>var a = 1;</script>')
    assert slimmed.json_ld == ('{"@type": "NewsArticle"}',)
    assert slimmed.html.strip() == ""


def test_a_quote_opens_a_value_only_after_an_equals_sign() -> None:
    page = '<a href=foo"bar>one</a><img alt="a > b"><p title=\'>\'>two</p>'
    assert slim(page).html == page


def test_an_unclosed_comment_swallows_the_rest_as_in_a_browser() -> None:
    assert slim("<p>a</p><!--" * 3).html == "<p>a</p>"
    assert slim("<!--><p>a</p><!---><p>b</p>").html == "<p>a</p><p>b</p>"


def test_an_unclosed_drawing_loses_only_its_tag() -> None:
    assert "text" in slim("<svg><p>text</p>").html


def test_deep_markup_keeps_its_text_without_its_levels() -> None:
    slimmed = slim("<div>" * 5_000 + "<p>deep</p>" + "</div>" * 5_000)
    assert "<p>deep</p>" in slimmed.html
    assert slimmed.html.count("<div>") == MAX_DEPTH
    assert slimmed.limits == (Limit.html_too_deep,)


def test_a_moderately_deep_page_is_no_loss() -> None:
    assert slim("<div>" * 900 + "<p>deep</p>").limits == ()


def test_paragraphs_without_end_tags_do_not_count_as_depth() -> None:
    page = "<p>one<li>two" * 2_000
    assert slim(page).html == page


def test_a_tag_with_many_attributes_keeps_its_name() -> None:
    many = " ".join(f"a{number}=1" for number in range(MAX_ATTRIBUTES + 1))
    assert slim(f"<div {many}><p>text</p></div>").html == "<div><p>text</p></div>"


def test_a_tag_with_absurdly_many_attributes_ends_the_page() -> None:
    many = " ".join(f"a{number}=1" for number in range(MAX_ATTRIBUTES_TO_MEND + 1))
    with pytest.raises(NoText) as refused:
        slim(f"<div {many}><p>text</p></div>")
    assert refused.value.reason == "html_too_complex"


def test_a_huge_attribute_goes_and_nothing_is_lost() -> None:
    slimmed = slim('<div data-x="' + "x" * 100_000 + '"><p>text</p></div>')
    assert slimmed.html == "<div><p>text</p></div>"
    assert slimmed.limits == ()


def test_long_html_is_cut_and_flagged() -> None:
    slimmed = slim("<p>" + "word " * 200 + "</p>" + ("<p>" + "word " * 200 + "</p>") * 3_000)
    assert len(slimmed.html) < MAX_HTML_CHARS + 2_000
    assert slimmed.limits == (Limit.html_too_large,)


def test_a_long_run_is_cut_and_the_rest_of_the_page_stays() -> None:
    slimmed = slim("<p>" + "a" * 1_000_000 + "</p><p>story</p>")
    assert "<p>story</p>" in slimmed.html
    assert slimmed.limits == (Limit.text_too_long,)


def test_a_flood_of_signs_is_no_text() -> None:
    slimmed = slim("&amp;" * 100_000 + "<p>story</p>")
    assert slimmed.html == "<p>story</p>"
    assert slimmed.limits == ()


def test_characters_that_a_tree_cannot_hold_go() -> None:
    assert slim("<p>a\x00b\x01c&#1;d&#x0B;e&#xD800;f&#146;g&#10;h</p>").html == "<p>abcdef&#146;g&#10;h</p>"


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "<svg>", "<!", "</", "<a b='", '<a b="', "&#", "<textarea>", "<p =", "<p a=1 "]
)
def test_time_grows_with_length_only(piece: str) -> None:
    def cost(count: int) -> float:
        start = process_time()
        with suppress(NoText):
            slim(piece * count)
        return process_time() - start

    assert cost(400_000 // len(piece)) < 2.0
