import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from observability.exposition import Exposition, exposed

Promtool = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def exposition() -> Exposition:
    return exposed()


@pytest.fixture(scope="session")
def promtool() -> Promtool:
    found = shutil.which("promtool")
    assert found, "promtool is missing: it is in Debian's package `prometheus`, and in every Prometheus release"

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([found, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)

    return run
