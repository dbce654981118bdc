from aiokafka import TopicPartition

from onrecord.contracts import topics
from onrecord.runtime.lag import behind, read_topics

ONE, TWO = TopicPartition("t", 0), TopicPartition("t", 1)


def test_what_lies_before_the_end_and_was_not_passed() -> None:
    assert behind([ONE, TWO], {ONE: 4}, {ONE: 0, TWO: 0}, {ONE: 10, TWO: 3}) == 9


def test_what_retention_removed_waits_no_more() -> None:
    assert behind([ONE], {ONE: 2}, {ONE: 8}, {ONE: 10}) == 2


def test_an_offset_past_the_end_is_no_lag() -> None:
    assert behind([ONE], {ONE: 12}, {ONE: 0}, {ONE: 10}) == 0


def test_without_topic_or_offsets_it_is_unknown() -> None:
    assert behind(None, {}, {}, {}) is None
    assert behind([ONE], None, {ONE: 0}, {ONE: 1}) is None


def test_lanes_and_retries_of_every_group_are_asked_for() -> None:
    asked = set(read_topics())
    assert ("store", topics.STATEMENT.name) in asked
    assert ("scraper", topics.ITEM.name + ".backfill") in asked
    assert ("scraper", topics.retry_topic(topics.ITEM.name, "scraper", topics.RETRY_TIERS[0])) in asked
    assert ("store", topics.retry_topic(topics.ITEM.name, "store", topics.RETRY_TIERS[0])) not in asked
