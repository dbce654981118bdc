"""Apache Kafka under the settings of docker-compose.yml, turned into its properties by the very class that its image starts."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy import compose_file
from onrecord.cli.embedded.java import Java
from onrecord.cli.embedded.probe import broker_serves
from onrecord.cli.embedded.server import Launch, Server

CLUSTER_ID = "5L6g3nShT-eMCtK--X86sw"  # the image's default
LOG4J = "Configuration:\n  Loggers: {}\n"
START_LIMIT_S = 60.0
SETUP_LIMIT_S = 60.0


class ComposedKafka:
    """`inside`, `host` and `controller` are ports in the place of 9092, 9094 and 9093."""

    def __init__(
        self, folder: Path, java: Java, jars: Sequence[Path], secrets: Path, ports: dict[str, int], *layers: str
    ) -> None:
        self._folder = folder
        self._java = [str(java.path), "-Xmx256m", "-XX:-UsePerfData", "-cp", os.pathsep.join(map(str, jars))]
        self._secrets, self._ports, self._layers = secrets, ports, layers
        self._server = Server(folder, "kafka")

    def start(self) -> None:
        self._server.claim("kafka.Kafka")
        self._setup()
        marker = f"-Donrecord.folder={self._folder}"
        command = [*self._java, marker, "kafka.Kafka", str(self._folder / "final" / "server.properties")]
        self._server.launch(Launch(command, marker=marker))
        secured = "tls" in self._layers
        ready = _accepts if secured else broker_serves
        self._server.wait_ready(lambda: ready("127.0.0.1", self._ports["inside"]), START_LIMIT_S)

    def stop(self) -> None:
        self._server.stop()

    def environment(self) -> dict[str, str]:
        swaps = {":9092": "inside", ":9093": "controller", ":9094": "host"}
        found = compose_file.environment("kafka", *self._layers)
        for before, name in swaps.items():
            found = {key: value.replace(before, f":{self._ports[name]}") for key, value in found.items()}
        places = {"/var/lib/kafka/data": str(self._folder / "data"), "/run/secrets": str(self._secrets)}
        for before, after in places.items():
            found = {key: value.replace(before, after) for key, value in found.items()}
        return found

    def _setup(self) -> None:
        """What the image's first lines do: properties from the environment and from a mounted file, and a formatted folder."""
        folders = {name: self._folder / name for name in ("default", "mounted", "final")}
        for folder in folders.values():
            folder.mkdir()
        (folders["default"] / "server.properties").touch()
        for name in ("log4j2.yaml", "tools-log4j2.yaml"):
            (folders["default"] / name).write_text(LOG4J, encoding="ascii")
        for target, name in compose_file.secrets("kafka", *self._layers).items():
            if target.startswith("/mnt/shared/config/"):
                text = (self._secrets / name).read_text(encoding="utf-8")
                (folders["mounted"] / Path(target).name).write_text(text, encoding="utf-8")
        arguments = [part for name, folder in folders.items() for part in (f"--{name}-configs-dir", str(folder))]
        command = [*self._java, "kafka.docker.KafkaDockerWrapper", "setup", *arguments]
        environment = {"PATH": os.environ["PATH"], "CLUSTER_ID": CLUSTER_ID, **self.environment()}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SETUP_LIMIT_S, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def _accepts(host: str, port: int) -> bool:
    """The compose file's own check: the listener takes a connection."""
    check = ["bash", "-c", f"exec 3<>/dev/tcp/{host}/{port}"]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0
