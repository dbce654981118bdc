import hashlib
from pathlib import Path

import pytest

from onrecord.cli.embedded.errors import JarMismatch, JarsUnavailable
from onrecord.cli.embedded.fetch import MvnFetch, RepositoryFetch
from onrecord.cli.embedded.jars import Jar, Report, ensure_jars, jar_folder, parse_pins, pinned_jars

GOOD = b"a jar's bytes"
PINNED = (Jar("org.example", "thing", "1.2", len(GOOD), hashlib.sha256(GOOD).hexdigest()),)


class Shelf:
    """A fetch that brings these bytes and remembers how often it was asked."""

    def __init__(self, content: bytes | None) -> None:
        self.content = content
        self.asked = 0

    def __call__(self, jars: tuple[Jar, ...], folder: Path, report: Report) -> None:
        self.asked += 1
        for jar in jars:
            if self.content is not None:
                (folder / jar.file).write_bytes(self.content)


def test_fetched_once_then_taken_from_the_cache(tmp_path: Path) -> None:
    shelf = Shelf(GOOD)
    first = ensure_jars(tmp_path, PINNED, shelf, print)
    assert ensure_jars(tmp_path, PINNED, shelf, print) == first == [jar_folder(tmp_path) / "thing-1.2.jar"]
    assert (first[0].read_bytes(), shelf.asked) == (GOOD, 1)


def test_a_fetched_jar_with_another_hash_is_refused_and_not_cached(tmp_path: Path) -> None:
    with pytest.raises(JarMismatch, match=r"thing-1\.2\.jar has sha256"):
        ensure_jars(tmp_path, PINNED, Shelf(b"another jar's"), print)
    assert list(tmp_path.rglob("*.jar")) == []


def test_a_cached_jar_that_was_changed_is_refused(tmp_path: Path) -> None:
    [jar] = ensure_jars(tmp_path, PINNED, Shelf(GOOD), print)
    jar.write_bytes(GOOD[:-1] + b"!")
    with pytest.raises(JarMismatch, match="refused"):
        ensure_jars(tmp_path, PINNED, Shelf(GOOD), print)


def test_a_jar_that_did_not_come_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(JarsUnavailable):
        ensure_jars(tmp_path, PINNED, Shelf(None), print)


def test_cache_is_closed_to_other_users(tmp_path: Path) -> None:
    ensure_jars(tmp_path / "cache", PINNED, Shelf(GOOD), print)
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_pins_name_every_jar_once_with_a_whole_hash() -> None:
    jars = pinned_jars()
    assert len({jar.file for jar in jars}) == len(jars) > 30
    assert all(len(jar.sha256) == 64 and jar.size_bytes > 0 for jar in jars)
    assert {"kafka_2.13", "kafka-clients", "log4j-core"} <= {jar.artifact for jar in jars}


def test_a_pin_line_that_lacks_its_hash_is_an_error() -> None:
    with pytest.raises(ValueError, match="unpack"):
        parse_pins("org.example:thing:1.2 13")


def a_repository(folder: Path, content: bytes) -> str:
    path = folder / PINNED[0].repository_path
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return folder.as_uri()


def test_from_a_named_repository_with_progress(tmp_path: Path) -> None:
    said: list[str] = []
    fetch = RepositoryFetch(a_repository(tmp_path / "repository", GOOD) + "/")
    [jar] = ensure_jars(tmp_path / "cache", PINNED, fetch, said.append)
    assert jar.read_bytes() == GOOD
    assert "fetching Apache Kafka" in said[0]


def test_no_more_than_one_byte_past_the_pinned_size_is_taken(tmp_path: Path) -> None:
    fetch = RepositoryFetch(a_repository(tmp_path / "repository", GOOD * 1000))
    fetch(PINNED, tmp_path, print)
    assert (tmp_path / PINNED[0].file).stat().st_size == len(GOOD) + 1


def test_an_address_that_is_no_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JarsUnavailable, match="neither an https"):
        RepositoryFetch("ftp://example.org")(PINNED, tmp_path, print)


def a_mvn(folder: Path, script: str) -> str:
    mvn = folder / "mvn"
    mvn.write_text("#!/bin/sh\n" + script)
    mvn.chmod(0o755)
    return str(mvn)


def test_what_mvn_downloads_is_reported_in_mb_without_its_own_parts(tmp_path: Path) -> None:
    said: list[str] = []
    big = (Jar("g", "big", "1", 5_000_000, "0" * 64), Jar("g", "rest", "1", 1_000_000, "0" * 64))
    lines = "".join(f"[INFO] Downloaded from a: b/{name}.jar (4.2 MB at 1.0 MB/s)\n" for name in ("plugin-3", "big-1"))
    MvnFetch(a_mvn(tmp_path, f"printf '{lines}'"))(big, tmp_path, said.append)
    assert said[1:] == ["fetched 5.0 of 6.0 MB"]


def test_mvn_is_asked_for_the_pinned_jars_and_no_others(tmp_path: Path) -> None:
    pom = tmp_path / "seen.xml"
    MvnFetch(a_mvn(tmp_path, f'cp "$3" "{pom}"'))(PINNED, tmp_path, print)
    text = pom.read_text()
    assert "<artifactId>thing</artifactId><version>1.2</version>" in text
    assert text.count("<exclusion><groupId>*</groupId>") == len(PINNED)


def test_a_failing_mvn_is_quoted(tmp_path: Path) -> None:
    mvn = a_mvn(tmp_path, "echo '[ERROR] Could not transfer artifact'; exit 1")
    with pytest.raises(JarsUnavailable, match="Could not transfer artifact"):
        MvnFetch(mvn)(PINNED, tmp_path, print)


def test_a_mvn_that_does_not_start_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(JarsUnavailable, match="does not start"):
        MvnFetch(str(tmp_path / "absent"))(PINNED, tmp_path, print)
