from integration.store.newsroom import BRIDGE, article
from onrecord.store.domain.tombstones import domains_of, urls_of


def test_every_address_and_every_parent_domain() -> None:
    story = article(BRIDGE, url="https://m.news.example:8443/a", canonical_url="https://Gazette.example/a")
    assert urls_of(story) == ["https://m.news.example:8443/a", "https://Gazette.example/a"]
    assert domains_of(story) == ["example", "gazette.example", "m.news.example", "news.example"]


def test_an_address_without_a_readable_host_falls_under_the_publisher() -> None:
    assert domains_of(article(BRIDGE, url="http://[::1")) == ["example", "gazette.example"]
