"""One real request to a server, to learn whether it serves. Standard library only: it runs before anything else does."""

import socket
import struct

PROBE_TIMEOUT_S = 2.0  # loopback; a starting broker may accept and then stay silent

METADATA_API = 3
METADATA_VERSION = 1  # the lowest one in which an empty topic list means none instead of all
CORRELATION = 7
CLIENT_ID = b"onrecord"

POSTGRES_PROTOCOL = 3 << 16  # version 3.0


def broker_serves(host: str, port: int, timeout_s: float = PROBE_TIMEOUT_S) -> bool:
    """True when a Metadata request is answered with at least one broker: a starting or fenced broker names none."""
    body = struct.pack(">hhih", METADATA_API, METADATA_VERSION, CORRELATION, len(CLIENT_ID)) + CLIENT_ID + struct.pack(">i", 0)
    try:
        with socket.create_connection((host, port), timeout_s) as link:
            link.settimeout(timeout_s)
            link.sendall(struct.pack(">i", len(body)) + body)
            correlation, brokers = struct.unpack(">ii", _read(link, 12)[4:])
    except (OSError, EOFError):
        return False
    return bool(correlation == CORRELATION and brokers > 0)


def postgres_serves(host: str, port: int, user: str, database: str, timeout_s: float = PROBE_TIMEOUT_S) -> bool:
    """True when a startup message is answered with a request for authentication; while starting up it is an error."""
    parameters = b"".join(part.encode() + b"\0" for part in ("user", user, "database", database)) + b"\0"
    body = struct.pack(">i", POSTGRES_PROTOCOL) + parameters
    try:
        with socket.create_connection((host, port), timeout_s) as link:
            link.settimeout(timeout_s)
            link.sendall(struct.pack(">i", len(body) + 4) + body)
            return _read(link, 1) == b"R"
    except (OSError, EOFError):
        return False


def _read(link: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        chunk = link.recv(size - len(got))
        if not chunk:
            raise EOFError
        got += chunk
    return got
