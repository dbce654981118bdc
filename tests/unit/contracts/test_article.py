from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from onrecord.contracts import OutcomeKind, Revision
from unit.contracts.strategies import revisions


@given(st.lists(revisions, max_size=6))
def test_revisions_order_by_fetch_then_by_engine(found: list[Revision]) -> None:
    for lower, higher in pairwise(sorted(found)):
        assert lower <= higher
        assert lower.fetched_at < higher.fetched_at or (
            lower.fetched_at == higher.fetched_at and lower.engine_release <= higher.engine_release
        )


@given(revisions)
def test_an_older_engine_never_beats_a_newer_one_on_the_same_page(revision: Revision) -> None:
    newer = revision.model_copy(update={"engine_release": revision.engine_release + 1})
    refetched = Revision(fetched_at=revision.fetched_at + timedelta(microseconds=1), engine_release=0)
    assert revision < newer < refetched
    assert not newer < revision


@given(revisions, revisions)
def test_fields_tell_revisions_apart(one: Revision, other: Revision) -> None:
    assert (one.fields == other.fields) == (one == other)


def test_of_two_ends_the_stronger_counts() -> None:
    order = [OutcomeKind.unaccounted, OutcomeKind.dead_letter, OutcomeKind.fetch_failed, OutcomeKind.stored]
    assert [kind.strength for kind in order] == [0, 1, 2, 3]
    assert OutcomeKind.unchanged.strength == OutcomeKind.duplicate.strength == OutcomeKind.stored.strength
