import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.contracts import ids
from unit.contracts.strategies import moments, texts

ARTICLE = uuid.UUID("60256997-54e0-5221-9564-6412d1d17e33")


def test_golden_ids_never_change() -> None:
    assert str(ids.NAMESPACE) == "36c078af-9d33-5854-84d1-f7b2b1b6bd8d"
    feed = ids.feed_id("https://gazette.example/rss.xml")
    assert str(feed) == "3535d438-4b92-597c-87ec-8ed1e19949b5"
    assert str(ids.item_id(feed, "https://gazette.example/harbour-dredging")) == "4bff7067-7715-5636-830e-faccbb587930"
    assert ids.article_id("https://gazette.example/harbour-dredging") == ARTICLE
    key = ids.text_key("Nobody will lose a berth.")
    assert key == "3faafbb8e07419b80b3421f3911b5844b566bbd95724782a2fcb37cc527b8a11"
    assert str(ids.statement_id(ARTICLE, key, 0)) == "f9879f1a-7c26-51b5-9f14-0835e529076b"
    assert str(ids.statement_id(ARTICLE, key, 1)) == "60b436f4-e90b-574a-9b31-11bfdacf8e7c"
    assert str(ids.event_id("org.onrecord.item.found.v1", "x", "1")) == "2c3a3da7-c4ff-5a18-aefb-a30419b4bc8f"


def test_an_id_is_a_plain_uuid5_of_the_length_prefixed_fields() -> None:
    name = b"\0\0\0\4feed" + b"\0\0\0\3a\xc3\xa9"
    digest_input = uuid.uuid5(ids.NAMESPACE, name.decode())
    assert ids.make_id("feed", "aé") == digest_input
    assert digest_input.version == 5


def test_moved_field_borders_give_other_ids() -> None:
    assert ids.make_id("k", "ab", "c") != ids.make_id("k", "a", "bc")
    assert ids.make_id("k", "abc") != ids.make_id("k", "abc", "")
    assert ids.make_id("ka", "b") != ids.make_id("k", "ab")


@given(st.lists(texts, max_size=4), st.lists(texts, max_size=4))
def test_equal_ids_mean_equal_fields(one: list[str], other: list[str]) -> None:
    assert (ids.make_id("k", *one) == ids.make_id("k", *other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nobody will lose a berth.", "nobody will lose a berth"),
        ("“Nobody” will\nlose — a berth!", "Nobody will lose a berth"),
        ("Straße", "STRASSE"),
        ("ﬁsh", "fish"),
        ("cafe\u0301", "café"),
        ("１２ boats", "12 boats"),
        ("don't", "don’t"),
    ],
)
def test_texts_of_equal_words_share_a_key(one: str, other: str) -> None:
    assert ids.text_key(one) == ids.text_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("resume", "résumé"), ("no where", "nowhere"), ("9 years", "10 years"), ("is", "is not")]
)
def test_texts_of_other_words_do_not(one: str, other: str) -> None:
    assert ids.text_key(one) != ids.text_key(other)


@given(texts)
def test_text_key_minds_no_surrounding_punctuation_or_space(text: str) -> None:
    assert ids.text_key(f" “{text}” …\n") == ids.text_key(text)


@given(moments)
def test_micros_is_one_text_per_instant(moment: datetime) -> None:
    written = ids.micros(moment)
    assert len(written) == len("2026-03-02T09:31:14.000125Z")
    assert datetime.fromisoformat(written) == moment
    assert ids.micros(moment.astimezone(timezone(timedelta(hours=5)))) == written


@given(moments, moments)
def test_micros_sorts_like_time(one: datetime, other: datetime) -> None:
    assert (ids.micros(one) < ids.micros(other)) == (one < other)


def test_micros_keeps_its_width() -> None:
    assert ids.micros(datetime(2026, 3, 2, tzinfo=UTC)) == "2026-03-02T00:00:00.000000Z"
