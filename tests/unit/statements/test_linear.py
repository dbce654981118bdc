"""Work grows with the text, not with its square: counted in executed lines, not in seconds."""

import sys
from types import FrameType
from typing import Any

import pytest

from onrecord.statements import Engine

SIZES = (2_000, 4_000)
SLACK = 2.4  # doubling the text may double the work, plus what a boundary adds
HOSTILE = {
    "straight quotes": '"a ',
    "spaces": " ",
    "open quotes": "“",
    "nested": "“‘",
    "said": "he said she said ",
    "names": "Aa Bb said ",
    "titles": "Mr. ",
    "commas": "a, ",
    "saying": ", saying ",
    "told": "told that ",
    "according": "according to x, ",
    "brackets": "( ",
    "quoted": "“a b c d.” he said. ",
    "lines": "“A b c d,” he said.\n",
    "turns": "A: b c d\n",
}


def steps(text: str) -> int:
    """Lines of this package that run while `text` is read."""
    count = 0

    def trace(frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        if event == "line":
            count += 1
        return trace if "onrecord" in frame.f_code.co_filename else None

    engine = Engine()
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        engine.extract(text, language="en")
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_twice_the_text_is_at_most_about_twice_the_work(piece: str) -> None:
    small, large = (steps(piece * (size // len(piece))) for size in SIZES)
    assert large <= SLACK * small + 200


def test_a_paragraph_of_a_million_characters_costs_what_its_cap_costs() -> None:
    text = "“It is wet,” he said. " * 1_500
    assert steps(text * 3) <= 1.1 * steps(text)
