import base64
import os
import shutil
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path

from .errors import StartFailed
from .java import Java
from .kafka_config import JVM_FLAGS, log4j_properties, server_properties
from .ports import LOOPBACK, keep_ports
from .probe import broker_serves
from .server import Launch, Server

START_LIMIT_S = 60.0  # measured 2.5 s; a busy machine that replays an unclean log takes longer
FORMAT_LIMIT_S = 60.0
PROPERTIES = "server.properties"
LOG4J_PROPERTIES = "log4j2.properties"


class EmbeddedKafka:
    """Apache Kafka, one KRaft node, on loopback. Topics and offsets live in the folder and outlive restarts and kills.

    `port` 0 takes the folder's last port, or a free one. Any local user can connect: there is no authentication.
    """

    def __init__(self, folder: Path, java: Java, jars: Sequence[Path], port: int = 0) -> None:
        self.folder = folder.absolute()
        self.java = java
        self.jars = tuple(jars)
        self._wanted_port = port
        self._port = 0
        self._server = Server(self.folder, "kafka")

    @property
    def bootstrap(self) -> str:
        """host:port once started."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def running(self) -> bool:
        return self._server.running

    @property
    def pid(self) -> int | None:
        return self._server.pid

    def start(self) -> str:
        """Blocks until the broker answers a metadata request; returns its bootstrap address."""
        marker = f"-Donrecord.folder={self.folder}"
        self._server.claim(marker)
        try:
            ports = keep_ports(self.folder, {"client": self._wanted_port or self._port, "controller": 0})
            self._port = ports["client"]
            self._write_files(ports["client"], ports["controller"])
            if not (self.folder / "data" / "meta.properties").exists():
                self._format()
            self._server.launch(Launch([*self._jvm(), marker, "kafka.Kafka", PROPERTIES], marker))
        except BaseException:
            self._server.stop()
            raise
        self._server.wait_ready(lambda: broker_serves(LOOPBACK, self._port), START_LIMIT_S)
        return self.bootstrap

    def stop(self) -> None:
        self._server.stop()

    def kill(self) -> None:
        """SIGKILL, for fault tests; start() brings the broker back on the same port with its data."""
        self._server.kill()

    def _write_files(self, client_port: int, controller_port: int) -> None:
        # Native libraries are unpacked here: a killed JVM leaves them behind.
        shutil.rmtree(self.folder / "tmp", ignore_errors=True)
        (self.folder / "tmp").mkdir(mode=0o700)
        (self.folder / PROPERTIES).write_text(server_properties(client_port, controller_port), encoding="ascii")
        (self.folder / LOG4J_PROPERTIES).write_text(log4j_properties(), encoding="ascii")

    def _jvm(self) -> list[str]:
        places = ["-Djava.io.tmpdir=tmp", f"-Dlog4j2.configurationFile={LOG4J_PROPERTIES}"]
        return [str(self.java.path), *JVM_FLAGS, *places, "-cp", os.pathsep.join(map(str, self.jars))]

    def _format(self) -> None:
        """Once per folder; a format that was interrupted left no meta.properties and is done again from nothing."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        tool = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}", f"--config={PROPERTIES}"]
        with self._server.log.open("ab") as log:
            done = subprocess.run(  # noqa: S603
                [*self._jvm(), *tool], stdout=log, stderr=log, cwd=self.folder, timeout=FORMAT_LIMIT_S, check=False
            )
        if done.returncode != 0:
            raise StartFailed(f"formatting {self.folder / 'data'} failed:\n{self._server.log_tail()}")
