from datetime import UTC, datetime, timedelta

import pytest

from onrecord.feed.domain.identity import (
    content_hash,
    identity_key,
    is_changed,
    possible_keys,
    remembered_key,
    repeated_guids,
    scheme_normalised,
    trusts_updated,
)
from onrecord.feed.domain.parsed import ParsedItem
from onrecord.feed.domain.plan import Known
from onrecord.web import canonical_url

NOW = datetime(2026, 11, 10, tzinfo=UTC)


def item(link: str = "https://a.example/1", **fields: object) -> ParsedItem:
    return ParsedItem(link, **fields)  # type: ignore[arg-type]


def key(one: ParsedItem, *others: ParsedItem) -> str:
    return identity_key(one, repeated_guids((one, *others), canonical_url), canonical_url)


def test_guid_survives_scheme_and_tracking_churn() -> None:
    assert key(item(guid="http://a.example/1")) == key(item("https://a.example/1?utm_source=x", guid=" HTTPS://a.example/1"))
    assert scheme_normalised("urn:http://x") == "urn:http://x"


def test_link_is_the_identity_without_a_guid() -> None:
    assert key(item("http://a.example/1?utm_source=x#top")) == key(item("https://a.example/1", title="other"))
    assert key(item("https://a.example/1")) != key(item("https://a.example/2"))


def test_a_guid_is_not_another_items_link() -> None:
    assert key(item(guid="//a.example/1")) != key(item("https://a.example/1"))


def test_home_page_is_no_identity() -> None:
    one, other = (item("https://a.example/", title=title, published_raw="today") for title in ("one", "other"))
    assert key(one) != key(other)
    assert key(one) == key(item("https://b.example", title="one", published_raw="today"))


def test_repeated_guid_takes_the_link_in() -> None:
    one, other = item("https://a.example/1", guid="same"), item("https://a.example/2", guid="same")
    assert key(one, other) != key(other, one)
    assert key(one, item("https://a.example/1?utm_source=x", guid="same")) == key(one)


def test_item_stays_itself_when_the_owners_of_its_guid_come_and_go() -> None:
    one, other = item("https://a.example/1", guid="same"), item("https://a.example/2", guid="same")
    alone, with_link = possible_keys(one, canonical_url)
    known_alone = {alone: Known(1, "h", "https://a.example/1")}
    both = repeated_guids((one, other), canonical_url)
    assert remembered_key(one, both, known_alone, canonical_url) == alone
    assert remembered_key(other, both, known_alone, canonical_url) == possible_keys(other, canonical_url)[1]
    known_with_link = {with_link: Known(1, "h", "https://a.example/1")}
    assert remembered_key(one, frozenset(), known_with_link, canonical_url) == with_link
    assert remembered_key(one, frozenset(), {}, canonical_url) == alone


@pytest.mark.parametrize(
    "other",
    [
        item(title="A  title ", summary="s", content_html="<p>c</p>"),
        item("https://a.example/1?utm_medium=x", title="A title", summary="s", content_html="<p class='x'>\n c</p>"),
        item(title="A title", summary="s", content_html="<p>c</p>", categories=("new",), authors=("Jo",)),
    ],
)
def test_churn_is_no_change(other: ParsedItem) -> None:
    assert content_hash(item(title="A title", summary="s", content_html="<p>c</p>"), canonical_url) == content_hash(
        other, canonical_url
    )


@pytest.mark.parametrize(
    "fields", [{"title": "B"}, {"summary": "x"}, {"content_html": "<p>d</p>"}, {"title": "A titles", "summary": ""}]
)
def test_words_are_a_change(fields: dict[str, str]) -> None:
    before = {"title": "A title", "summary": "s", "content_html": "<p>c</p>"}
    hashes = [content_hash(item(**given), canonical_url) for given in (before, {**before, **fields})]
    assert is_changed(*hashes, trust_updated=False)


def test_fields_do_not_run_into_each_other() -> None:
    assert content_hash(item(title="ab", summary="c"), canonical_url) != content_hash(
        item(title="a", summary="bc"), canonical_url
    )


def test_later_update_is_a_change_where_dates_are_trusted() -> None:
    before, after = (content_hash(item(updated_at=NOW + timedelta(hours=n)), canonical_url) for n in (0, 1))
    undated = content_hash(item(), canonical_url)
    assert is_changed(before, after, trust_updated=True)
    assert not is_changed(before, after, trust_updated=False)
    assert not is_changed(after, before, trust_updated=True)
    assert not is_changed(undated, after, trust_updated=True)
    assert not is_changed(after, undated, trust_updated=True)


def test_one_date_on_all_items_is_not_trusted() -> None:
    assert trusts_updated(item(updated_at=NOW + timedelta(hours=n)) for n in range(4))
    assert not trusts_updated(item(updated_at=NOW) for _ in range(4))
    assert not trusts_updated([item()])
