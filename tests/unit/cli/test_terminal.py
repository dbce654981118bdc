import json

import pytest

from onrecord.cli.terminal import json_line, plain


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("one\r\ntwo\tthree", "one\\r\\ntwo\\tthree"),
        ("\x9b31m", "\\x9b31m"),
        ("\x7f\x00", "\\x7f\\x00"),
        ("abc\u202edcba", "abc\\u202edcba"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("\u2028next", "\\u2028next"),
        ("\ud83d", "\\ud83d"),
    ],
)
def test_escapes_what_a_terminal_would_obey(raw: str, shown: str) -> None:
    assert plain(raw) == shown


@pytest.mark.parametrize("text", ["“Grüße, 😀” — naïve", "e\u0301", "👩\u200d👧", "می\u200cخواهم", "日本語"])
def test_leaves_every_script_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_json_holds_no_raw_control_and_reads_back_the_same() -> None:
    value = {"text": "\x9b31m \u202e \u2028 \x7f é 😀", "half": "\ud83d"}
    line = json_line(value)
    assert not set(line) & set("\x9b\u202e\u2028\x7f\ud83d\n")
    assert "é 😀" in line
    assert json.loads(line) == value
