"""Work for worker processes: they import it by name."""

import ctypes
import os
import signal

WARMED: list[int] = []


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def refuse(text: str) -> None:
    raise ValueError(text)


def burn() -> None:
    while True:
        pass


def wait() -> None:
    signal.pause()


def take_memory(size_bytes: int) -> int:
    return len(bytearray(size_bytes))


def recurse() -> None:
    recurse()


def crash() -> None:
    ctypes.string_at(0)


def leave() -> None:
    os._exit(3)


def warm_up() -> None:
    WARMED.append(os.getpid())


def times_warmed() -> int:
    return len(WARMED)
