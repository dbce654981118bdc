import pytest

from onrecord.contracts import ArticleKind, Partial
from onrecord.extractor.domain.facts import Head, Structured
from onrecord.extractor.domain.kind import canonical_of, is_listing, kind_of, partial_of, publisher_of, rights_of

URL = "https://www.harbour.example/news/bridge"


@pytest.mark.parametrize(
    ("url", "structured", "title", "kind"),
    [
        (URL, Structured(), "Bridge opens", ArticleKind.report),
        (URL, Structured(article_type="LiveBlogPosting"), "Storm", ArticleKind.live_blog),
        ("https://harbour.example/world/live/storm", Structured(), "Storm", ArticleKind.live_blog),
        (URL, Structured(article_type="OpinionNewsArticle"), "Why I left", ArticleKind.opinion),
        ("https://harbour.example/opinion/why", Structured(), "Why I left", ArticleKind.opinion),
        (URL, Structured(section="Meinung"), "Warum", ArticleKind.opinion),
        (URL, Structured(section="Interview"), "We talk", ArticleKind.interview),
        ("https://harbour.example/video/storm", Structured(), "Storm", ArticleKind.video),
        (URL, Structured(article_type="AdvertiserContentArticle"), "Buy", ArticleKind.other),
    ],
)
def test_kinds(url: str, structured: Structured, title: str, kind: ArticleKind) -> None:
    assert kind_of(Head(), structured, url=url, title=title, text="short") is kind


def test_paywall_beats_truncated() -> None:
    assert partial_of(Head(), Structured(free=False), truncated=True) is Partial.paywall
    assert partial_of(Head(), Structured(), truncated=True) is Partial.truncated
    assert partial_of(Head(meta={"article:content_tier": ("locked",)}), Structured(), truncated=False) is Partial.paywall
    assert partial_of(Head(), Structured(free=True), truncated=False) is None


def test_only_sure_listings_are_listings() -> None:
    assert is_listing(Head(), Structured(), "https://harbour.example/")
    assert is_listing(Head(), Structured(types=frozenset({"CollectionPage"})), "https://harbour.example/politics")
    assert not is_listing(Head(), Structured(), "https://harbour.example/?p=123")
    assert not is_listing(Head(), Structured(), URL)
    assert not is_listing(Head(meta={"og:type": ("article",)}), Structured(types=frozenset({"CollectionPage"})), URL)
    assert not is_listing(Head(), Structured(article_type="NewsArticle"), "https://harbour.example/")


def test_publisher_falls_back_to_the_host() -> None:
    assert publisher_of(Head(), Structured(), URL).model_dump() == {"name": "harbour.example", "domain": "harbour.example"}
    assert (
        publisher_of(Head(meta={"og:site_name": ("Harbour",)}), Structured(publisher="Harbour Courier"), URL).name
        == "Harbour Courier"
    )


@pytest.mark.parametrize(
    "raw",
    [
        "javascript:alert(1)",
        "http://127.0.0.1/admin",
        "http://[::1]/",
        "http://localhost/x",
        "https://u:p@harbour.example/",
        "//harbour.example/x",
        "https://db.internal/x",
        "http://[",
        "",
        "https://harbour.example/" + "a" * 3_000,
    ],
)
def test_canonical_addresses_that_cannot_be_public_are_ignored(raw: str) -> None:
    assert canonical_of(raw) is None


def test_a_public_canonical_address_is_kept() -> None:
    assert canonical_of("https://www.harbour.example/a?b=1") == "https://www.harbour.example/a?b=1"
    assert canonical_of("https://münchen.example/a") == "https://münchen.example/a"


def test_reservations_against_training_are_read() -> None:
    forbidden = rights_of(Head(meta={"robots": ("index, noai, noimageai",)}))
    assert forbidden is not None
    assert (forbidden.ai_training, forbidden.source) == ("disallowed", "meta robots")
    reserved = rights_of(Head(meta={"tdm-reservation": ("1",), "tdm-policy": ("https://harbour.example/policy",)}))
    assert reserved is not None
    assert (reserved.ai_training, reserved.usage_terms) == ("disallowed", "https://harbour.example/policy")
    assert rights_of(Head(meta={"robots": ("index, follow",)})) is None
