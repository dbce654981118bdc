import io
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.cli import predict
from onrecord.cli.errors import NothingFound
from onrecord.cli.main import main, parser

HEAVY = "pydantic aiokafka asyncpg aiohttp lxml onrecord.contracts onrecord.cli.run"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("tail --json --from-start", {"json": True, "from_start": True, "data": None}),
        ("status --data here", {"json": False, "data": Path("here")}),
        ("why https://example.org/a --json", {"item": "https://example.org/a", "json": True}),
        ("feeds add https://example.org/feed --every 5", {"url": "https://example.org/feed", "every": 5.0}),
        ("feeds add https://example.org/feed", {"every": 3600.0}),
        ("extract - --url https://example.org/a", {"source": "-", "url": "https://example.org/a"}),
        ("predict --units polnear --thoughts", {"units": "polnear", "thoughts": True}),
        ("predict-pages pages", {"folder": Path("pages")}),
        ("topics apply --replication 3", {"replication": 3, "partitions": None}),
        ("topics check --partitions 4", {"partitions": 4}),
    ],
)
def test_arguments(line: str, expected: dict[str, object]) -> None:
    args = vars(parser(line.split()).parse_args(line.split()))
    assert {name: args[name] for name in expected} == expected
    assert callable(args["run"])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "feeds",
        "feeds add x --every 0",
        "feeds add x --every nan",
        "feeds add x --every inf",
        "topics apply --replication 0",
        "predict --units x",
    ],
)
def test_wrong_use_ends_with_2(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 2
    assert "onrecord" in capsys.readouterr().err


def test_help_loads_nothing_heavy_and_names_every_command() -> None:
    code = (
        "import sys; from onrecord.cli.main import parser; print(parser([]).format_help()); "
        f"print(set({HEAVY.split()!r}) & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip().endswith("set()")
    for command in "run tail status why feeds extract predict predict-pages topics db".split():
        assert f"    {command} " in shown or f"    {command}\n" in shown


def test_a_failure_is_one_escaped_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(tmp_path / "no\x1b[31msuch")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "no\\x1b[31msuch can not be read" in error


@pytest.mark.parametrize(("raised", "code"), [(NothingFound("no"), 1), (KeyboardInterrupt(), 130)])
def test_exit_codes(raised: BaseException, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        raise raised

    monkeypatch.setattr(predict, "run", fail)
    assert main(["predict"]) == code


def test_a_reader_that_went_away_is_no_error(tmp_path: Path) -> None:
    lines = '{"doc_id": "d", "text": "“Yes,” said Ann Lee."}\n' * 200
    (tmp_path / "docs").write_text(lines, encoding="utf-8")
    command = f"{sys.executable} -m onrecord.cli.main predict < {tmp_path / 'docs'} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "141"
    assert done.stderr == ""


def test_a_narrow_terminal_does_not_end_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO('{"doc_id": "é", "text": "x"}'.encode())))
    assert main(["predict"]) == 0
    narrow.seek(0)
    assert '"doc_id": "é"' in narrow.read()
