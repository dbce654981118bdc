import json
import socket
from pathlib import Path

from .errors import PortTaken

LOOPBACK = "127.0.0.1"


def keep_ports(folder: Path, wanted: dict[str, int]) -> dict[str, int]:
    """A free loopback port per name. 0 stands for any: the folder's last one if free, so that addresses outlive restarts."""
    memory = folder / "ports.json"
    last = _remembered(memory)
    chosen: dict[str, int] = {}
    for name, port in wanted.items():
        if port != 0:
            if not is_free(port):
                raise PortTaken(f"port {port} on {LOOPBACK} is taken")
            chosen[name] = port
            continue
        before = last.get(name, 0)
        reuse = before != 0 and before not in chosen.values() and is_free(before)
        chosen[name] = before if reuse else _any_free(set(chosen.values()))
    memory.write_text(json.dumps(chosen), encoding="utf-8")
    return chosen


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: a port whose old connections are in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _any_free(taken: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if port not in taken:
            return port


def _remembered(memory: Path) -> dict[str, int]:
    try:
        stored = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): port for name, port in stored.items() if isinstance(port, int)} if isinstance(stored, dict) else {}
