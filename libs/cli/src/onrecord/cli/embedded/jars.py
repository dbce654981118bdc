"""The pinned jars of Apache Kafka: cached per user, fetched once, and never run unless every byte is the pinned one."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from .errors import JarMismatch, JarsUnavailable

KAFKA_VERSION = "4.4.0"
BYTES_PER_MB = 1_000_000

Report = Callable[[str], None]


@dataclass(frozen=True)
class Jar:
    group: str
    artifact: str
    version: str
    size_bytes: int
    sha256: str

    @property
    def file(self) -> str:
        return f"{self.artifact}-{self.version}.jar"

    @property
    def repository_path(self) -> str:
        """Where the Maven 2 repository layout keeps it, below the repository's base address."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.file}"


# Puts the jars into the folder, or raises JarsUnavailable.
Fetch = Callable[[tuple[Jar, ...], Path, Report], None]


def parse_pins(text: str) -> tuple[Jar, ...]:
    """Lines `group:artifact:version bytes sha256`; `#` begins a comment line."""
    jars = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        coordinates, size, sha256 = line.split()
        group, artifact, version = coordinates.split(":")
        jars.append(Jar(group, artifact, version, int(size), sha256))
    return tuple(jars)


def pinned_jars() -> tuple[Jar, ...]:
    return parse_pins(files(__package__).joinpath("kafka_jars.txt").read_text(encoding="utf-8"))


def download_mb(jars: tuple[Jar, ...]) -> float:
    return sum(jar.size_bytes for jar in jars) / BYTES_PER_MB


def jar_folder(cache: Path) -> Path:
    return cache / f"kafka-{KAFKA_VERSION}"


def are_cached(cache: Path, jars: tuple[Jar, ...]) -> bool:
    return all((jar_folder(cache) / jar.file).is_file() for jar in jars)


def verify(folder: Path, jars: tuple[Jar, ...]) -> list[Path]:
    """The jars' paths in pinned order. Raises JarMismatch for a jar whose sha256 differs, JarsUnavailable for an absent one."""
    paths = []
    for jar in jars:
        path = folder / jar.file
        try:
            with path.open("rb") as source:
                actual = hashlib.file_digest(source, "sha256").hexdigest()
        except FileNotFoundError as absent:
            raise JarsUnavailable(f"{jar.file} is not in {folder}") from absent
        if actual != jar.sha256:
            raise JarMismatch(f"{path} has sha256 {actual}, pinned is {jar.sha256}: refused. Remove {folder} to fetch it anew")
        paths.append(path)
    return paths


def ensure_jars(cache: Path, jars: tuple[Jar, ...], fetch: Fetch, report: Report) -> list[Path]:
    """Verified paths of all jars; fetches them first when the cache lacks one. A second start needs no network."""
    target = jar_folder(cache)
    if not are_cached(cache, jars):
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".fetch-", dir=cache))
        try:
            fetch(jars, staging, report)
            verify(staging, jars)
            _publish(staging, target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return verify(target, jars)


def _publish(staging: Path, target: Path) -> None:
    target.mkdir(mode=0o700, exist_ok=True)
    for jar in staging.glob("*.jar"):
        jar.replace(target / jar.name)
