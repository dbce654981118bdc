"""What vanishes, what moves and what stays when a revision closes."""

from hypothesis import given
from hypothesis import strategies as st

from integration.store.newsroom import BRIDGE, TAXES, article, revision, statement, statements
from onrecord.contracts import Kind, RetractionReason, Statement, StatementCorrected
from onrecord.store.domain.closing import close_revision, jaccard, with_version

MOVED = "The old bridge will open again in June."
FURTHER = "The bridge will open again in June, they hope, or so."


def held(*texts: str, version: int = 1) -> dict[object, Statement]:
    story = article(*texts)
    return {said.statement_id: with_version(said, version) for said in statements(story, *texts)}


def test_first_revision_is_all_new() -> None:
    story = article(BRIDGE, TAXES)
    closing = close_revision({}, statements(story, BRIDGE, TAXES))
    assert [said.text for said in closing.changed] == [BRIDGE, TAXES]
    assert (closing.same, closing.retracted, closing.corrected) == ((), (), ())


def test_a_new_fetch_of_the_same_text_changes_nothing() -> None:
    story = article(BRIDGE, TAXES, at=revision(10), item="other")
    closing = close_revision(held(BRIDGE, TAXES), statements(story, BRIDGE, TAXES))
    assert (closing.changed, closing.retracted) == ((), ())
    assert set(closing.same) == set(story.statement_ids)


def test_two_statements_that_grow_together_are_both_replaced() -> None:
    one, other, both = "taxes will rise soon", "taxes will fall soon", "taxes will rise or fall soon"
    story = article(both, at=revision(10))
    closing = close_revision(held(one, other), statements(story, both))
    [new] = closing.corrected
    assert {gone.statement_id for gone in closing.retracted} == set(new.replaces or ())
    assert {gone.reason for gone in closing.retracted} == {RetractionReason.replaced}


def test_the_closest_successor_is_taken() -> None:
    story = article(MOVED, FURTHER, at=revision(10))
    closing = close_revision(held(BRIDGE), [statement(story, said) for said in (MOVED, FURTHER)])
    assert [new.text for new in closing.corrected] == [MOVED]


def test_a_kept_statement_is_never_a_successor() -> None:
    before = held(BRIDGE, MOVED)
    story = article(MOVED, at=revision(10))
    closing = close_revision(before, statements(story, MOVED))
    assert closing.corrected == ()
    assert [gone.reason for gone in closing.retracted] == [RetractionReason.vanished]


def test_another_kind_is_another_statement() -> None:
    story = article(MOVED, at=revision(10))
    closing = close_revision(held(BRIDGE), [statement(story, MOVED, kind=Kind.indirect)])
    assert [gone.reason for gone in closing.retracted] == [RetractionReason.vanished]


def test_jaccard_counts_words_without_case_and_punctuation() -> None:
    assert jaccard("No, never!", "NO never") == 1
    assert jaccard("one two", "two three") == 1 / 3
    assert jaccard("", "...") == 0


SAID = st.sampled_from(["alpha beta", "alpha beta gamma", "delta epsilon", "epsilon delta zeta", "eta", "theta iota"])


@given(st.sets(SAID), st.sets(SAID))
def test_old_minus_new_is_retracted_and_new_minus_old_is_published(old: set[str], new: set[str]) -> None:
    before = held(*sorted(old))
    arrived = statements(article(*sorted(new), at=revision(10)), *sorted(new)) if new else []
    closing = close_revision(before, arrived)
    ids = {said.statement_id for said in arrived}
    assert {gone.statement_id for gone in closing.retracted} == set(before) - ids
    assert {said.statement_id for said in closing.changed} | set(closing.same) == ids
    assert {gone.replaced_by for gone in closing.retracted} - {None} == {said.statement_id for said in closing.corrected}
    assert all(isinstance(said, StatementCorrected) == bool(said.replaces) for said in closing.changed)
