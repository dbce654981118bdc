import hashlib
from pathlib import Path

import pytest

from onrecord.cli.embedded.errors import TansuMissing
from onrecord.cli.embedded.tansu import checked


def a_program(folder: Path, mode: int) -> Path:
    program = folder / "tansu"
    program.write_bytes(b"a program")
    program.chmod(mode)
    return program


def test_the_pinned_program_is_taken(tmp_path: Path) -> None:
    program = a_program(tmp_path, 0o755)
    assert checked(program, frozenset({hashlib.sha256(b"a program").hexdigest()})) == program


def test_another_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TansuMissing, match="not pinned"):
        checked(a_program(tmp_path, 0o755))


def test_a_program_that_may_not_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TansuMissing, match="may not be run"):
        checked(a_program(tmp_path, 0o644))


def test_an_absent_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TansuMissing, match="not there"):
        checked(tmp_path / "tansu")
