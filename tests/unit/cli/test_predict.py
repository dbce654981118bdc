import io
import json
import sys
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from onrecord.cli.main import main
from onrecord.statements import Engine

EMOJI = "😀😀 The mayor spoke. “We will rebuild the bridge,” said Ann Lee. “Nobody pays twice.”"
DECOMPOSED = unicodedata.normalize("NFD", "Zoë Müller said the café would reopen in May. “Très bien,” said René Dufour.")


Predict = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def predict(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Predict:
    """Exit code, rows and stderr of `onrecord predict` over raw bytes."""

    def run(raw: bytes, *options: str) -> tuple[int, list[dict[str, Any]], str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="ascii"))
        code = main(["predict", *options])
        shown = capsys.readouterr()
        return code, [json.loads(line) for line in shown.out.splitlines()], shown.err

    return run


def document(doc_id: str, text: str, **more: object) -> bytes:
    return json.dumps({"doc_id": doc_id, "text": text, **more}, ensure_ascii=False).encode() + b"\n"


def words(text: str, row: dict[str, Any]) -> list[str]:
    return [text[start:end] for statement in row["statements"] for start, end in statement["content"]]


def test_offsets_are_code_points_of_the_text_as_given(predict: Predict) -> None:
    raw = document("emoji", EMOJI, title="The bridge") + document("nfd", DECOMPOSED)
    code, (emoji, nfd), error = predict(raw)
    assert (code, error) == (0, "")
    assert (emoji["doc_id"], nfd["doc_id"]) == ("emoji", "nfd")
    assert words(EMOJI, emoji) == ["“We will rebuild the bridge,”", "“Nobody pays twice.”"]
    found = words(DECOMPOSED, nfd)
    assert unicodedata.normalize("NFD", "“Très bien,”") in found
    assert unicodedata.normalize("NFD", "the café would reopen in May") in found
    cue = emoji["statements"][0]["cue"]
    assert EMOJI[cue[0][0] : cue[0][1]] == "said"


def test_polnear_units_join_a_floating_quotation(predict: Predict) -> None:
    _, (row,), _ = predict(document("d", EMOJI), "--units", "polnear")
    (statement,) = row["statements"]
    assert len(statement["content"]) == 2


def test_thoughts_are_asked_for(predict: Predict) -> None:
    raw = document("d", "The minister believes that prices will fall next year.")
    _, (without,), _ = predict(raw)
    _, (asked,), _ = predict(raw, "--thoughts")
    assert without["statements"] == []
    assert len(asked["statements"]) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{broken", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"text": "x"}', "no doc_id"),
        (b'{"doc_id": 1}', "text is missing"),
        (b'{"doc_id": 1, "text": ["x"]}', "text is missing or not a string"),
        (b'{"doc_id": 1, "text": "x", "title": 3}', "title is not a string"),
    ],
)
def test_a_bad_line_costs_only_itself(predict: Predict, line: bytes, said: str) -> None:
    raw = document("one", EMOJI) + line + b"\n\n" + document("two", EMOJI, title=None)
    code, rows, error = predict(raw)
    assert code == 2
    assert [row["doc_id"] for row in rows] == ["one", "two"]
    assert error.startswith("line 2: ")
    assert said in error
    assert error.count("\n") == 1


def test_a_text_that_breaks_the_engine_costs_only_itself(predict: Predict, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = Engine.extract

    def breaks(self: Engine, text: str, **options: object) -> object:
        if text == "break":
            raise RecursionError("too deep")
        return sound(self, text, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "extract", breaks)
    code, rows, error = predict(document("one", "break") + document("two", EMOJI))
    assert code == 2
    assert [row["doc_id"] for row in rows] == ["two"]
    assert error == "line 1: the engine failed: RecursionError: too deep\n"


def test_half_a_character_in_a_text_does_not_end_the_stream(predict: Predict) -> None:
    raw = b'{"doc_id": "\\ud83d", "text": "\\u201cYes,\\u201d said Ann \\ud83d Lee."}\n'
    code, (row,), _ = predict(raw)
    assert code == 0
    assert row["doc_id"] == "\ud83d"
