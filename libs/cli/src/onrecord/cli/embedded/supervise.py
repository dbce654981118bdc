"""Runs one server and outlives the runner by seconds at most. Started as a script, so that it loads nothing but this file.

Its standard input is a pipe that the runner holds: when the runner ends in whatever way, kill -9 included, the pipe
closes and the server is stopped. Arguments: FOLDER STOP_SIGNAL GRACE_S COMMAND…
"""

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1  # Linux, prctl(2)
LOOK_S = 0.5  # how late the runner's death is seen where another process still holds its pipe
POLL_S = 0.02  # how late a stopped server is seen


def main(arguments: list[str]) -> int:
    folder, stop_signal, grace_s, command = Path(arguments[0]), int(arguments[1]), float(arguments[2]), arguments[3:]
    runner = os.getppid()
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    asked_to_stop = []
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.append(True))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_in_child)  # noqa: S603
    _write_whole(folder / "process.json", json.dumps({"supervisor": os.getpid(), "server": child.pid}))
    while child.poll() is None and not asked_to_stop and os.getppid() == runner:
        ready, _, _ = select.select([0, wake_read], [], [], LOOK_S)
        if wake_read in ready:
            os.read(wake_read, 64)
        if 0 in ready and not os.read(0, 64):
            break
    if child.poll() is None:
        _stop(child, stop_signal, grace_s)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _in_child() -> None:
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        # The supervisor itself may be killed; elsewhere the next start finds and ends the orphan.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(child: "subprocess.Popen[bytes]", stop_signal: int, grace_s: float) -> None:
    child.send_signal(stop_signal)
    last = time.monotonic() + grace_s
    while child.poll() is None and time.monotonic() < last:
        time.sleep(POLL_S)
    if child.poll() is None:
        child.kill()
        child.wait()


def _write_whole(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
