from pathlib import Path

import pytest

from onrecord.cli.embedded.errors import JavaMissing
from onrecord.cli.embedded.java import ask_version, find_java, parse_major


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6)', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "25" 2025-09-16 LTS', 25),
        ('openjdk version "26-ea" 2026-03-17', 26),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21.0.2" 2024-01-16', 21),
        ("The operation couldn’t be completed. Unable to locate a Java Runtime.", None),
        ("", None),
    ],
)
def test_feature_release_is_read_from_what_java_prints(text: str, major: int | None) -> None:
    assert parse_major(text) == major


def a_java_home(folder: Path) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/java").write_text("")
    return folder


def test_java_home_comes_first(tmp_path: Path) -> None:
    home = a_java_home(tmp_path)
    found = find_java(home, ask=lambda _path: 21)
    assert (found.path, found.major) == (home / "bin/java", 21)


def test_an_old_java_home_is_passed_over_for_a_newer_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = a_java_home(tmp_path / "old")
    newer = a_java_home(tmp_path / "new") / "bin/java"
    newer.chmod(0o755)
    monkeypatch.setenv("PATH", str(newer.parent))
    found = find_java(home, ask=lambda path: 11 if path.is_relative_to(home) else 17)
    assert (found.path, found.major) == (newer, 17)


def test_what_was_found_instead_is_named(tmp_path: Path) -> None:
    home = a_java_home(tmp_path)
    with pytest.raises(JavaMissing, match="is Java 11"):
        find_java(home, ask=lambda _path: 11)


def test_a_program_that_cannot_run_has_no_version(tmp_path: Path) -> None:
    assert ask_version(tmp_path / "absent") is None


def test_a_program_that_fails_has_no_version(tmp_path: Path) -> None:
    stub = tmp_path / "java"
    stub.write_text("#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\nexit 1\n")
    stub.chmod(0o755)
    assert ask_version(stub) is None
