import re
import shutil
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path
from xml.sax.saxutils import escape

from .errors import JarsUnavailable
from .jars import BYTES_PER_MB, Fetch, Jar, Report, download_mb
from .settings import EmbeddedSettings

MVN_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
FETCH_TIMEOUT_S = 600  # 40 MB over a 1 Mbit/s line take 320 s
ANSWER_TIMEOUT_S = 30  # between two reads of one jar
REPORT_STEP_MB = 4.0  # about ten lines for the whole set
CHUNK_BYTES = 256 * 1024

_DOWNLOADED = re.compile(r"Downloaded .*/([^/ ]+\.jar) \(")


def choose_fetch(settings: EmbeddedSettings) -> Fetch | None:
    """How this machine can get jars: from the repository that was named, else through `mvn`, else not at all."""
    if settings.maven_repository is not None:
        return RepositoryFetch(settings.maven_repository)
    mvn = shutil.which("mvn")
    return MvnFetch(mvn) if mvn is not None else None


class MvnFetch:
    """Through `mvn`, so that the user's mirrors, proxies and certificates hold."""

    def __init__(self, mvn: str) -> None:
        self._mvn = mvn

    def __call__(self, jars: tuple[Jar, ...], folder: Path, report: Report) -> None:
        with tempfile.TemporaryDirectory() as work:
            pom = Path(work) / "pom.xml"
            pom.write_text(_pom(jars), encoding="utf-8")
            command = [self._mvn, "-B", "-f", str(pom), MVN_GOAL, f"-DoutputDirectory={folder}"]
            report(f"fetching Apache Kafka through mvn, {download_mb(jars):.0f} MB")
            try:
                child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=work)  # noqa: S603
            except OSError as broken:
                raise JarsUnavailable(f"{self._mvn} does not start: {broken}") from broken
            limit = threading.Timer(FETCH_TIMEOUT_S, child.kill)
            limit.start()
            try:
                errors = _follow(child, jars, report)
            finally:
                limit.cancel()
            if child.wait() != 0:
                raise JarsUnavailable("mvn could not fetch Apache Kafka: " + (errors or f"exit code {child.returncode}"))


def _follow(child: subprocess.Popen[str], jars: tuple[Jar, ...], report: Report) -> str:
    """Reports what mvn says it downloaded, its own parts left out; returns its first error line."""
    size_bytes = {jar.file: jar.size_bytes for jar in jars}
    fetched_mb = reported_mb = 0.0
    error = ""
    assert child.stdout is not None
    for line in child.stdout:
        found = _DOWNLOADED.search(line)
        if found:
            fetched_mb += size_bytes.get(found.group(1), 0) / BYTES_PER_MB
        if fetched_mb - reported_mb >= REPORT_STEP_MB:
            reported_mb = fetched_mb
            report(f"fetched {fetched_mb:.1f} of {download_mb(jars):.1f} MB")
        if not error and "ERROR" in line:
            error = line.strip()
    return error


def _pom(jars: tuple[Jar, ...]) -> str:
    # Every jar is named and none may bring others: what is fetched is the pinned list and nothing else.
    wanted = "".join(
        f"<dependency><groupId>{escape(jar.group)}</groupId><artifactId>{escape(jar.artifact)}</artifactId>"
        f"<version>{escape(jar.version)}</version>"
        "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>"
        for jar in jars
    )
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>onrecord</groupId><artifactId>kafka</artifactId>"
        f"<version>1</version><dependencies>{wanted}</dependencies></project>"
    )


class RepositoryFetch:
    """From the base address of a Maven repository that the user named; the hashes make its transport irrelevant."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")

    def __call__(self, jars: tuple[Jar, ...], folder: Path, report: Report) -> None:
        total_mb, done_bytes, reported_mb = download_mb(jars), 0, 0.0
        report(f"fetching Apache Kafka, {total_mb:.0f} MB")
        for jar in jars:
            self._one(jar, folder / jar.file)
            done_bytes += jar.size_bytes
            if done_bytes / BYTES_PER_MB - reported_mb >= REPORT_STEP_MB:
                reported_mb = done_bytes / BYTES_PER_MB
                report(f"fetched {reported_mb:.1f} of {total_mb:.1f} MB")

    def _one(self, jar: Jar, path: Path) -> None:
        address = f"{self._base}/{jar.repository_path}"
        if not address.startswith(("https://", "http://", "file://")):
            raise JarsUnavailable(f"{self._base} is neither an https, http nor file address")
        left = jar.size_bytes
        try:
            with urllib.request.urlopen(address, timeout=ANSWER_TIMEOUT_S) as source, path.open("wb") as sink:  # noqa: S310
                # One byte more than pinned is enough to know that it is another file.
                while left >= 0 and (chunk := source.read(min(CHUNK_BYTES, left + 1))):
                    sink.write(chunk)
                    left -= len(chunk)
        except (OSError, urllib.error.URLError, ValueError) as failed:
            raise JarsUnavailable(f"{jar.file} could not be fetched from {self._base}: {failed}") from failed
