import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.cli.embedded import server as module
from onrecord.cli.embedded.errors import FolderInUse, StartFailed
from onrecord.cli.embedded.server import Launch, Server, command_line, end_orphan

READY = "import pathlib, signal; pathlib.Path('ready').touch(); signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + READY


def a_launch(server: Server, code: str = READY) -> Launch:
    marker = f"--folder={server.folder}"
    return Launch([sys.executable, "-I", "-S", "-c", code, marker], marker)


def start(server: Server, code: str = READY) -> int:
    (server.folder / "ready").unlink(missing_ok=True)
    server.launch(a_launch(server, code))
    server.wait_ready(lambda: (server.folder / "ready").exists(), 20)
    assert server.pid is not None
    return server.pid


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "server", "thing")
    yield made
    made.stop()


def test_stop_leaves_no_process_and_can_be_repeated(server: Server) -> None:
    pid = start(server)
    server.stop()
    server.stop()
    assert not server.running
    assert command_line(pid) == ""


def test_a_server_that_ignores_the_request_is_killed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STOP_GRACE_S", 0.2)
    pid = start(server, STUBBORN)
    server.stop()
    assert command_line(pid) == ""


def test_kill_then_start_again(server: Server) -> None:
    first = start(server)
    server.kill()
    assert not server.running
    assert start(server) != first


def test_a_server_that_ends_at_once_is_reported_with_its_log(server: Server) -> None:
    server.launch(a_launch(server, "import sys; sys.exit('the disk is full')"))
    with pytest.raises(StartFailed, match=r"ended while starting(.|\n)*the disk is full"):
        server.wait_ready(lambda: False, 20)


def test_a_silent_server_is_stopped_and_reported(server: Server) -> None:
    pid = start(server)
    with pytest.raises(StartFailed, match="no answer within 0 s"):
        server.wait_ready(lambda: False, 0)
    assert command_line(pid) == ""


def test_a_second_runner_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TAKEOVER_LIMIT_S", 0)
    start(server)
    with pytest.raises(FolderInUse, match="another runner"):
        Server(server.folder, "thing").claim("marker")


def test_an_orphan_is_ended(tmp_path: Path) -> None:
    marker = f"--folder={tmp_path}"
    orphan = subprocess.Popen([sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()", marker], stdout=-1)
    assert orphan.stdout is not None
    orphan.stdout.readline()
    (tmp_path / "process.json").write_text(json.dumps({"supervisor": 1, "server": orphan.pid}))
    assert end_orphan(tmp_path, marker)
    assert orphan.wait(20) == -signal.SIGTERM
    orphan.stdout.close()


def test_a_process_that_merely_has_the_old_number_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "process.json").write_text(json.dumps({"supervisor": 1, "server": os.getpid()}))
    assert not end_orphan(tmp_path, f"--folder={tmp_path}")


@pytest.mark.parametrize("record", ["", "[]", "{}"])
def test_a_broken_record_names_no_orphan(tmp_path: Path, record: str) -> None:
    (tmp_path / "process.json").write_text(record)
    assert not end_orphan(tmp_path, "marker")


def test_a_killed_runner_takes_its_server_along(tmp_path: Path) -> None:
    runner = subprocess.Popen([sys.executable, "-c", RUNNER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert runner.stdout is not None
    pid = int(runner.stdout.readline())
    assert str(tmp_path) in command_line(pid)
    runner.kill()
    runner.wait()
    runner.stdout.close()
    successor = Server(tmp_path, "thing")
    successor.claim(f"--folder={tmp_path}")  # waits for the supervisor's lock
    assert command_line(pid) == ""
    successor.stop()


RUNNER = f"""
import signal, sys
from pathlib import Path
from onrecord.cli.embedded.server import Launch, Server
server = Server(Path(sys.argv[1]), "thing")
marker = "--folder=" + sys.argv[1]
server.launch(Launch([sys.executable, "-c", {READY!r}, marker], marker))
server.wait_ready(lambda: Path(sys.argv[1], "ready").exists(), 20)
print(server.pid, flush=True)
signal.pause()
"""
