"""The composed system without an engine: image contents built from the Dockerfiles, environments, secrets, commands and health
checks of docker-compose.yml as they are written, each process in a box. Only ports differ, since all share this machine's."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy import compose_file
from deploy.box import Box
from deploy.images import dockerfile

UID = 10001
STOP_LIMIT_S = 25  # stop_grace_period
JOB_LIMIT_S = 60
HOSTS = "127.0.0.1 localhost kafka postgres collector store\n"


@dataclass(slots=True)
class Composed:
    """`ports`: of kafka, collector and each service, in the place of the ones in docker-compose.yml."""

    images: Mapping[str, Path]
    folder: Path
    secrets: Path
    ports: Mapping[str, int]
    layers: tuple[str, ...] = ()
    extra: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def environment(self, service: str) -> dict[str, str]:
        image = dockerfile(_image_of(service)).final.environment()
        swaps = {"kafka:9092": f"kafka:{self.ports['kafka']}", "collector:4318": f"collector:{self.ports['collector']}"}
        if service in self.ports:
            swaps["8080"] = str(self.ports[service])
        given = compose_file.environment(service, *self.layers)
        swapped = {name: _swapped(value, swaps) for name, value in (image | given).items()}
        return swapped | dict(self.extra.get(service, {}))

    def boxed(self, service: str, command: Sequence[str]) -> list[str]:
        (self.folder / "hosts").write_text(HOSTS, encoding="ascii")
        root = self.folder / "roots" / service
        root.mkdir(parents=True, exist_ok=True)
        binds = {"/opt/onrecord": self.images[_image_of(service)], "/etc/hosts": self.folder / "hosts"}
        binds |= {target: self.secrets / name for target, name in compose_file.secrets(service, *self.layers).items()}
        (tmp,) = compose_file.base()["services"][service]["tmpfs"]
        return Box(root, binds, uid=UID, tmp=tmp.removeprefix("/tmp:")).command(command, self.environment(service))

    def command(self, service: str, *arguments: str) -> list[str]:
        entrypoint = dockerfile(_image_of(service)).final.last("ENTRYPOINT").words
        if entrypoint == ["onrecord"]:  # a script names the place where it was installed, which for a box is elsewhere
            entrypoint = ["python", "-m", "onrecord.cli.main"]
        return [*entrypoint, *(arguments or compose_file.base()["services"][service].get("command", []))]

    def job(self, service: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = self.boxed(service, self.command(service, *arguments))
        return subprocess.run(command, capture_output=True, text=True, timeout=JOB_LIMIT_S, check=False)

    def start(self, service: str) -> None:
        with (self.folder / f"{service}.log").open("wb") as log:
            command = self.boxed(service, self.command(service))
            self.running[service] = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def healthy(self, service: str) -> bool:
        """By the check of docker-compose.yml."""
        test = compose_file.base()["services"][service]["healthcheck"]["test"]
        assert test[0] == "CMD"
        command = [word.replace(":8080", f":{self.ports[service]}") for word in test[1:]]
        return subprocess.run(self.boxed(service, command), capture_output=True, timeout=JOB_LIMIT_S, check=False).returncode == 0

    def alive(self, service: str) -> bool:
        """By the image's own check."""
        words = dockerfile(service).final.last("HEALTHCHECK").rest
        command = json.loads(words[words.index("[") :])
        return subprocess.run(self.boxed(service, command), capture_output=True, timeout=JOB_LIMIT_S, check=False).returncode == 0

    def memory_mb(self, service: str) -> float:
        """Proportional share of the process and of its workers."""
        return sum(_proportional_kb(pid) for pid in _family(self.running[service].pid)) / 1024

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> dict[str, int]:
        """Exit codes after SIGTERM to all at once."""
        for process in self.running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        codes = {}
        for service, process in self.running.items():
            try:
                codes[service] = process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                codes[service] = process.wait()
        return codes


def _image_of(service: str) -> str:
    return service if service in compose_file.OWN_SERVICES else "cli"


def _swapped(value: str, swaps: Mapping[str, str]) -> str:
    for before, after in swaps.items():
        value = value.replace(before, after)
    return value


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _proportional_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
