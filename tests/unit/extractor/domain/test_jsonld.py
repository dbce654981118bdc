import json

from onrecord.extractor.domain.facts import Byline
from onrecord.extractor.domain.jsonld import read_json_ld

URL = "https://www.harbour.example/news/bridge?utm_source=x"


def test_an_article_in_a_graph_with_its_author_by_reference() -> None:
    structured = read_json_ld(
        [
            json.dumps(
                {
                    "@graph": [
                        {
                            "@type": "NewsArticle",
                            "headline": "The bridge &amp; the sea",
                            "author": {"@id": "#ann"},
                            "datePublished": "2026-01-05",
                        },
                        {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
                        {"@type": "WebSite", "name": "Harbour"},
                    ]
                }
            )
        ],
        URL,
    )
    assert structured.headline == "The bridge & the sea"
    assert structured.authors == (Byline("Ann Lee", "Person"),)
    assert structured.published == "2026-01-05"
    assert structured.types == {"NewsArticle", "Person", "WebSite"}


def test_the_node_that_names_the_page_wins_over_the_first() -> None:
    teaser = {"@type": "NewsArticle", "headline": "Another story", "url": "https://harbour.example/other"}
    own = {
        "@type": ["Article", "NewsArticle"],
        "headline": "This story",
        "mainEntityOfPage": {"@id": "https://harbour.example/news/bridge"},
    }
    assert read_json_ld([json.dumps([teaser, own])], URL).headline == "This story"


def test_free_access_is_read_as_sites_write_it() -> None:
    for written, meant in ((True, True), ("False", False), ("true", True), (None, None), (0, None)):
        assert read_json_ld([json.dumps({"@type": "Article", "isAccessibleForFree": written})], URL).free is meant


def test_wrapping_trailing_commas_and_control_characters_are_forgiven() -> None:
    block = '<!--\n{"@type": "NewsArticle", "headline": "Two\tlines", "keywords": ["a", "b",],}\n-->'
    structured = read_json_ld([block], URL)
    assert structured.headline == "Two lines"
    assert structured.tags == ("a", "b")


def test_broken_json_still_gives_its_plain_facts() -> None:
    block = '{"@type":"NewsArticle","headline":"He said \\"no\\"","datePublished":"2026-01-05T10:00:00Z",'
    block += '"author":{"@type":"Person","name":"Ann Lee"},"x": oops'
    structured = read_json_ld([block], URL)
    assert structured.headline == 'He said "no"'
    assert structured.published == "2026-01-05T10:00:00Z"
    assert structured.authors == (Byline("Ann Lee", "Person"),)


def test_deep_and_odd_json_is_no_error() -> None:
    assert read_json_ld(["[" * 100_000, "null", "3", '"x"', "", "{}"], URL).headline == ""
    nested: object = {"@type": "Thing"}
    for _ in range(300):
        nested = {"@type": "Thing", "isPartOf": [nested]}
    assert read_json_ld([json.dumps(nested)], URL).types == {"Thing"}


def test_names_of_wrong_types_are_left_out() -> None:
    structured = read_json_ld(
        [json.dumps({"@type": "Article", "author": [{"name": 3}, 7, None, ["x"], {"name": ["Ann Lee", "Bo Ek"]}]})], URL
    )
    assert [author.name for author in structured.authors] == ["Ann Lee", "Bo Ek"]
