"""Start times, memory and idle cost of the embedded servers: `python tests/integration/embedded/measure.py [starts]`."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from onrecord.cli.embedded import Broker, EmbeddedPostgres, EmbeddedSettings, choose_broker, make_broker

STARTS = 5
IDLE_S = 10


def resident_mb(pid: int) -> float:
    asked = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(asked.stdout) / 1024


def cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(server: Broker | EmbeddedPostgres) -> tuple[float, float]:
    begin = time.perf_counter()
    server.start()
    ready = time.perf_counter()
    server.stop()
    return ready - begin, time.perf_counter() - ready


def report(name: str, server: Broker | EmbeddedPostgres, starts: int) -> None:
    first, _ = timed(server)
    rounds = [timed(server) for _ in range(starts)]
    server.start()
    assert server.pid is not None
    before = cpu_s(server.pid)
    time.sleep(IDLE_S)
    idle = (cpu_s(server.pid) - before) / IDLE_S
    memory = resident_mb(server.pid)
    server.kill()
    after_kill, _ = timed(server)
    print(
        f"{name}: first start {first:.2f} s, then {median(up for up, _ in rounds):.2f} s (median of {starts}), "
        f"stop {median(down for _, down in rounds):.2f} s, after kill -9 {after_kill:.2f} s, "
        f"{memory:.0f} MiB resident, {idle:.1%} of one core idle"
    )


def main(starts: int) -> None:
    settings = EmbeddedSettings.from_env(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        choice, broker = make_broker(choose_broker(settings), settings, Path(folder), print)
        print(f"{choice.kind}: {choice.why}; decided and at hand in {time.perf_counter() - begin:.2f} s")
        if broker is not None:
            report(choice.kind, broker, starts)
        report("postgres", EmbeddedPostgres(Path(folder) / "postgres"), starts)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else STARTS)
