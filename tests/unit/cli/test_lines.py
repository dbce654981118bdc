import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from onrecord.cli.lines import event_line
from onrecord.cli.tail import show
from onrecord.contracts import Event, decode

GOOD = Path(__file__).parents[3] / "libs/contracts/examples/good"


def record(name: str, **changes: object) -> SimpleNamespace:
    example = json.loads((GOOD / f"{name}.json").read_text(encoding="utf-8"))
    headers = [(key, value.encode()) for key, value in example["headers"].items()]
    value = json.dumps({**example["value"], **changes}).encode()
    return SimpleNamespace(key=b"k", value=value, headers=headers, topic="onrecord.statement.v1", partition=3, offset=7)


def line(name: str, **changes: object) -> str:
    event = decode(record(name, **changes))
    assert isinstance(event, Event)
    return event_line(event)


def test_a_quotation() -> None:
    assert line("statement").startswith("2026-03-02 09:31:14Z  Inés Quiroga said: “We have waited")
    assert line("statement").endswith("[The Gazette]")


def test_an_unnamed_speaker_is_told_by_role() -> None:
    assert "  port chief (unnamed) says: Harbour dredging will start in May  [The Gazette]  (headline)" in line(
        "statement_headline"
    )


def test_indirect_words_have_no_marks() -> None:
    assert "Inés Quiroga did not say: who would pay for the removal of the mud  [The Gazette]" in line("statement_indirect")


def test_corrections_and_retractions_say_so() -> None:
    assert "  CORRECTED Inés Quiroga said: “" in line("statement_corrected")
    assert "  RETRACTED 53dd1937-3abc-5528-a713-81a74b01f10d (replaced, replaced by a84adcc3-" in line("statement_retracted")
    assert line("statement_taken_down").endswith("(taken_down)")


def test_remote_text_can_not_steer_the_terminal() -> None:
    hostile = "\x1b[2J gone \u202e sdrow \n2026-03-02 Someone else said: lies"
    shown = line("statement", text=hostile)
    assert "\x1b" not in shown
    assert "\n" not in shown
    assert "\\x1b[2J gone \\u202e sdrow \\n2026" in shown


def test_tail_prints_the_wire_data_with_its_type_and_id(capsys: pytest.CaptureFixture[str]) -> None:
    sent = record("statement", a_later_field="kept")
    show(sent, as_json=True)
    printed = json.loads(capsys.readouterr().out)
    assert printed.pop("ce_type") == "org.onrecord.statement.extracted.v1"
    assert printed.pop("ce_id") == dict(sent.headers)["ce_id"].decode()
    assert printed == json.loads(sent.value)


def test_tail_passes_over_what_is_no_event_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    broken = record("statement")
    broken.value = b"{\x1b"
    show(broken, as_json=False)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("passed over onrecord.statement.v1 3:7: malformed_event: ")
    assert shown.err.count("\n") == 1
    broken.value = None
    show(broken, as_json=False)
    assert capsys.readouterr() == ("", "")
