"""A restart goes on with the same story: nothing that a reader fetched before looks new."""

from pathlib import Path

from newspapers import Newspapers
from serve import Diary


async def test_a_second_start_takes_every_step_at_its_own_time(tmp_path: Path) -> None:
    diary = Diary(tmp_path / "diary")
    papers = Newspapers(1, diary.clock)
    await diary.open(papers, 0)
    for _ in range(3):
        diary.step(papers)
    first = [(end.outcome, end.reason, end.revisions) for end in papers.expected()]
    await papers.stop()

    again = Diary(tmp_path / "diary")
    assert len(again.past) == 4
    resumed = Newspapers(1, again.clock)
    await again.open(resumed, 0)
    assert resumed.steps == 3
    assert [(end.outcome, end.reason, end.revisions) for end in resumed.expected()] == first
    await resumed.stop()


async def test_without_a_file_nothing_is_kept() -> None:
    diary = Diary(None)
    papers = Newspapers(1, diary.clock)
    await diary.open(papers, 0)
    diary.step(papers)
    assert papers.steps == 1
    await papers.stop()
