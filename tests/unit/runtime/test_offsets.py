from hypothesis import given
from hypothesis import strategies as st

from onrecord.runtime.offsets import PartitionTracker


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Offsets as a partition gives them (rising, with gaps), and some order in which they finish."""
    offsets = sorted(draw(st.sets(st.integers(0, 10_000), min_size=1, max_size=60)))
    return offsets, draw(st.permutations(offsets))


@given(runs(), st.data())
def test_what_may_be_committed_is_the_lowest_unfinished(run: tuple[list[int], list[int]], data: st.DataObject) -> None:
    offsets, finishes = run
    tracker = PartitionTracker()
    unfinished: set[int] = set()
    committed = -1
    to_start = list(offsets)
    for offset in finishes:
        while offset not in unfinished:
            started = to_start.pop(0)
            tracker.start(started)
            unfinished.add(started)
        tracker.finish(offset)
        unfinished.discard(offset)
        seen_to = max(o for o in offsets if o not in to_start) + 1
        expected = min(unfinished, default=seen_to)
        found = tracker.to_commit()
        assert found == (expected if expected > committed else None)
        assert tracker.in_flight == len(unfinished)
        if found is not None and data.draw(st.booleans()):
            tracker.committed(found)
            committed = found
    assert not to_start
    assert tracker.received_to == offsets[-1] + 1


def test_nothing_to_commit_before_the_first_record() -> None:
    assert PartitionTracker().to_commit() is None


def test_the_first_offset_of_all_is_committed_as_one() -> None:
    tracker = PartitionTracker()
    tracker.start(0)
    assert tracker.to_commit() == 0
    tracker.finish(0)
    assert tracker.to_commit() == 1


def test_a_commit_is_offered_once() -> None:
    tracker = PartitionTracker()
    tracker.start(7)
    tracker.finish(7)
    tracker.committed(8)
    assert tracker.to_commit() is None


def test_a_finish_twice_or_of_a_stranger_changes_nothing() -> None:
    tracker = PartitionTracker()
    for offset in (3, 4):
        tracker.start(offset)
    tracker.finish(9)
    tracker.finish(4)
    tracker.finish(4)
    assert (tracker.to_commit(), tracker.in_flight) == (3, 1)
