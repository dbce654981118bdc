import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import FolderInUse, StartFailed

STOP_GRACE_S = 8.0  # then the server is killed; with the supervisor's own end that stays below the 10 s promised
STOP_LIMIT_S = 10.0
TAKEOVER_LIMIT_S = STOP_LIMIT_S + 2  # a runner that was just killed leaves a server that is still stopping
POLL_S = 0.05  # a readiness request is cheap on loopback
LOG_LIMIT_BYTES = 16 * 1024 * 1024  # weeks of an idle broker's log; the previous file is kept once
LOG_TAIL_BYTES = 2000  # shows a Java stack's cause
SUPERVISOR = Path(__file__).with_name("supervise.py")


@dataclass(frozen=True)
class Launch:
    """One server process, run in its folder. `marker` is in its command line: it tells an unrelated process with a reused id."""

    command: list[str]
    marker: str
    stop_signal: signal.Signals = signal.SIGTERM
    environment: Mapping[str, str] | None = None  # the runner's own when absent


class Server:
    """A server process under its supervisor. Blocking calls; one instance per folder and user."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder.absolute()
        self.name = name
        self.log = self.folder / f"{name}.log"
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None

    @property
    def running(self) -> bool:
        return self._supervisor is not None and self._supervisor.poll() is None

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return _recorded(self.folder).get("server") if self.running else None

    def claim(self, marker: str) -> None:
        """Makes this runner the folder's only one, and ends a server that a killed runner and supervisor left behind."""
        if self._lock is not None:
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not _wait(lambda: _locked(lock), TAKEOVER_LIMIT_S):
            os.close(lock)
            raise FolderInUse(f"another runner uses {self.folder}")
        self._lock = lock
        end_orphan(self.folder, marker)

    def launch(self, launch: Launch) -> None:
        if self.running:
            raise StartFailed(f"{self.name} already runs in {self.folder}")
        self.claim(launch.marker)
        assert self._lock is not None
        (self.folder / "process.json").unlink(missing_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        arguments = [str(self.folder), str(int(launch.stop_signal)), str(STOP_GRACE_S), *launch.command]
        with self.log.open("ab") as log:
            self._supervisor = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", "-S", str(SUPERVISOR), *arguments],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=launch.environment,
                start_new_session=True,  # Ctrl-C in the terminal is for the services; the broker goes last
                pass_fds=(self._lock,),  # the supervisor holds the folder's lock for as long as it lives
            )

    def wait_ready(self, ready: Callable[[], bool], limit_s: float) -> None:
        """Until `ready`; StartFailed with the log's end when the server ends first or the limit passes."""
        came = _wait(lambda: not self.running or (self.pid is not None and ready()), limit_s)
        if came and self.running:
            return
        why = f"gave no answer within {limit_s:.0f} s" if self.running else "ended while starting"
        self.stop()
        raise StartFailed(f"{self.name} {why}; the end of {self.log}:\n{self.log_tail()}")

    def log_tail(self) -> str:
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - LOG_TAIL_BYTES))
            return log.read().decode("utf-8", "replace")

    def stop(self) -> None:
        """Asks the server to end, kills it after STOP_GRACE_S; returns when it is gone. Harmless when it does not run."""
        if self._supervisor is not None:
            assert self._supervisor.stdin is not None
            self._supervisor.stdin.close()
            try:
                self._supervisor.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self.kill()
        self._release()

    def kill(self) -> None:
        """SIGKILL to the server: what a power cut looks like to it. For fault tests."""
        pid = self.pid
        if pid is not None:
            _signal(pid, signal.SIGKILL)
        if self._supervisor is not None:
            try:
                self._supervisor.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self._supervisor.kill()
                self._supervisor.wait()
        self._release()

    def _release(self) -> None:
        if self._supervisor is not None and self._supervisor.stdin is not None:
            self._supervisor.stdin.close()
        self._supervisor = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def end_orphan(folder: Path, marker: str) -> bool:
    """Kills the recorded server if it still runs although its supervisor is gone. The caller holds the folder's lock."""
    pid = _recorded(folder).get("server")
    if pid is None or marker not in command_line(pid):
        return False
    _signal(pid, signal.SIGTERM)
    if not _wait(lambda: marker not in command_line(pid), STOP_GRACE_S):
        _signal(pid, signal.SIGKILL)
        _wait(lambda: marker not in command_line(pid), STOP_GRACE_S)
    return True


def command_line(pid: int) -> str:
    """Empty when no such process runs."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        if sys.platform == "linux":
            return ""
    asked = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return asked.stdout.strip()


def _recorded(folder: Path) -> dict[str, int]:
    try:
        recorded = json.loads((folder / "process.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return recorded if isinstance(recorded, dict) else {}


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _wait(done: Callable[[], bool], limit_s: float) -> bool:
    last = time.monotonic() + limit_s
    while not done():
        if time.monotonic() >= last:
            return False
        time.sleep(POLL_S)
    return True
