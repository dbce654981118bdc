"""Processes as the system shows them."""

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path


def processes_of(folder: Path) -> dict[int, str]:
    """Command lines by id of every process that works in the folder or was told of it."""
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            works_in = (entry / "cwd").readlink()
        except OSError:
            continue  # it ended meanwhile, or is another user's
        if works_in.is_relative_to(folder) or str(folder) in command:
            found[int(entry.name)] = command
    return found


def wait_for_line(process: "subprocess.Popen[str]", wanted: Callable[[str], bool], limit_s: float) -> list[str]:
    """Everything said up to the wanted line; AssertionError when it does not come in time."""
    assert process.stdout is not None
    said: list[str] = []
    limit = threading.Timer(limit_s, process.kill)
    limit.start()
    try:
        while not (said and wanted(said[-1])):
            said.append(process.stdout.readline())
            assert said[-1], f"ended with {process.wait()}, or was killed after {limit_s:.0f} s; said was:\n{''.join(said)}"
    finally:
        limit.cancel()
    return said
