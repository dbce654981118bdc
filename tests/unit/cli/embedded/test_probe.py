import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from onrecord.cli.embedded.ports import LOOPBACK
from onrecord.cli.embedded.probe import CORRELATION, broker_serves, postgres_serves


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """A listener that gives every caller the same answer and hangs up."""
    with socket.create_server((LOOPBACK, 0)) as listener:

        def serve() -> None:
            link, _ = listener.accept()
            with link:
                link.recv(1024)
                link.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def metadata(brokers: int, correlation: int = CORRELATION) -> bytes:
    return struct.pack(">iii", 100, correlation, brokers)


@pytest.mark.parametrize(
    ("answer", "serves"),
    [(metadata(1), True), (metadata(0), False), (metadata(1, correlation=1), False), (b"", False), (b"HTTP/1.1 400", False)],
)
def test_a_broker_serves_when_it_names_a_broker(answer: bytes, serves: bool) -> None:
    with answering(answer) as port:
        assert broker_serves(LOOPBACK, port) is serves


@pytest.mark.parametrize(("answer", "serves"), [(b"R\0\0\0\x17", True), (b"E\0\0\0\x08", False), (b"", False)])
def test_a_database_serves_when_it_asks_who_we_are(answer: bytes, serves: bool) -> None:
    with answering(answer) as port:
        assert postgres_serves(LOOPBACK, port, "onrecord", "onrecord") is serves


def test_nothing_there_is_not_serving() -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
    assert not broker_serves(LOOPBACK, port)
    assert not postgres_serves(LOOPBACK, port, "a", "b")
