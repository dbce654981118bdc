from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from onrecord.contracts.item import ItemReason
from onrecord.feed.domain.parsed import ParsedFeed, ParsedItem
from onrecord.feed.domain.plan import Known, PollPlan, distinct_items, lookup, plan_poll
from onrecord.web import canonical_url

NOW = datetime(2026, 11, 10, tzinfo=UTC)


def item(number: int, *, guid: str | None = None, days_ago: float | None = None, title: str = "t") -> ParsedItem:
    published = None if days_ago is None else NOW - timedelta(days=days_ago)
    return ParsedItem(f"https://a.example/{number}", guid=guid or f"g{number}", title=title, published_at=published)


def plan(*items: ParsedItem, known: Mapping[str, Known] | None = None, first: bool = False) -> PollPlan:
    remembered = known or {}
    by_link = {one.link: key for key, one in remembered.items()}
    return plan_poll(
        ParsedFeed("rss20", items=items), remembered, first_poll=first, canonical=canonical_url, now=NOW, key_by_link=by_link
    )


def after(before: PollPlan) -> dict[str, Known]:
    return {one.key: Known(one.revision, one.content_hash, one.link) for one in before.items}


def test_new_then_unchanged_then_changed() -> None:
    first = plan(item(1), item(2))
    assert [(one.reason, one.revision) for one in first.items] == [(ItemReason.new, 1)] * 2
    again = plan(item(1), item(2), known=after(first))
    assert (again.published, again.known_share) == ((), 1.0)
    edited = plan(item(1), item(2, title="corrected"), item(3), known=after(first))
    assert [(one.item.link[-1], one.reason, one.revision) for one in edited.published] == [
        ("2", ItemReason.changed, 2),
        ("3", ItemReason.new, 1),
    ]
    assert edited.known_share == 2 / 3


def test_first_poll_publishes_the_newest_twenty_and_the_last_two_days() -> None:
    items = [item(n, days_ago=10 + n) for n in range(30)] + [item(100 + n, days_ago=1 + n / 100) for n in range(25)]
    first = plan(*items, first=True)
    assert first.known_share is None
    assert {one.item.link for one in first.published} == {f"https://a.example/{100 + n}" for n in range(25)}
    assert first.count(None) == 30
    assert all(one.revision == 0 for one in first.items if one.reason is None)
    quiet = plan(*items[:30], first=True)
    assert {one.item.link for one in quiet.published} == {f"https://a.example/{n}" for n in range(20)}


def test_first_poll_without_dates_goes_by_the_documents_order() -> None:
    assert [one.item.guid for one in plan(*map(item, range(25)), first=True).published] == [f"g{n}" for n in range(20)]


def test_item_recorded_as_seen_is_published_once_it_changes() -> None:
    first = plan(*(item(n) for n in range(21)), first=True)
    (edited,) = plan(item(20, title="corrected"), known=after(first)).published
    assert (edited.reason, edited.revision) == (ItemReason.changed, 1)


def test_versions_of_one_item_in_a_document() -> None:
    versions = [item(1, title=f"v{n}") for n in range(5)]
    assert [one.title for one in distinct_items(versions, canonical_url).values()] == ["v4"]
    dated = [item(1, title="late", days_ago=1), item(1, title="early", days_ago=2)]
    assert [one.title for one in distinct_items(dated, canonical_url).values()] == ["late"]


def test_renamed_items_are_matched_by_link() -> None:
    first = plan(*(item(n) for n in range(6)))
    renamed = plan(*(item(n, guid=f"other-{n}") for n in range(6)), item(7), known=after(first))
    assert renamed.churned
    assert [one.item.link for one in renamed.published] == ["https://a.example/7"]
    assert {one.key for one in renamed.items} > after(first).keys()


def test_a_few_renamed_items_are_news() -> None:
    first = plan(*(item(n) for n in range(6)))
    mixed = plan(item(0, guid="other"), item(7), item(8), known=after(first))
    assert not mixed.churned
    assert len(mixed.published) == 3


def test_items_that_share_one_link_are_not_churn() -> None:
    shared = [ParsedItem("https://a.example/live", guid=f"g{n}") for n in range(4)]
    more = [ParsedItem("https://a.example/live", guid=f"h{n}") for n in range(4)]
    again = plan(*more, known=after(plan(*shared)))
    assert not again.churned
    assert len(again.published) == 4


def test_lookup_names_all_that_may_be_remembered() -> None:
    asked = lookup(ParsedFeed("rss20", items=(item(1), ParsedItem("https://a.example/2?utm_source=x"))), canonical_url)
    assert asked.links == {"https://a.example/1", "https://a.example/2"}
    assert asked.keys == {"guid g1", "guid g1\nlink //a.example/1", "link //a.example/2"}


def test_empty_document() -> None:
    assert plan().known_share is None
    assert plan().items == ()
