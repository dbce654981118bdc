import socket
from pathlib import Path

import pytest

from onrecord.cli.embedded.errors import PortTaken
from onrecord.cli.embedded.ports import LOOPBACK, is_free, keep_ports


def test_ports_are_kept_over_restarts(tmp_path: Path) -> None:
    first = keep_ports(tmp_path, {"client": 0, "controller": 0})
    assert keep_ports(tmp_path, {"client": 0, "controller": 0}) == first
    assert first["client"] != first["controller"]


def test_a_kept_port_that_is_taken_gives_way(tmp_path: Path) -> None:
    first = keep_ports(tmp_path, {"client": 0})["client"]
    with socket.socket() as other:
        other.bind((LOOPBACK, first))
        other.listen()
        second = keep_ports(tmp_path, {"client": 0})["client"]
    assert second != first


def test_a_port_asked_for_is_never_replaced(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            keep_ports(tmp_path, {"client": port})
    assert is_free(port)


@pytest.mark.parametrize("memory", ["", "[]", "{", '{"client": "no number"}'])
def test_a_broken_memory_is_forgotten(tmp_path: Path, memory: str) -> None:
    (tmp_path / "ports.json").write_text(memory)
    port = keep_ports(tmp_path, {"client": 0})["client"]
    assert is_free(port)
