"""The address policy where it cannot be passed by: at name lookup, and at each socket before it is opened."""

import socket
from collections.abc import Callable

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType

from onrecord.web.policy import UrlPolicy

OpenSocket = Callable[[AddrInfoType], socket.socket]


class CheckingResolver(AbstractResolver):
    """Refuses a host if any of its answers is refused: a mixed answer is an attack or a mistake."""

    def __init__(self, inner: AbstractResolver, policy: UrlPolicy) -> None:
        self._inner = inner
        self._policy = policy

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        answers = await self._inner.resolve(host, port, family)
        for answer in answers:
            self._policy.admit_answer(host, answer["host"], port)
        return answers

    async def close(self) -> None:
        await self._inner.close()


class GuardedSockets:
    """Sees the very address of each connection, literals and rebound names included; the resolver sees neither."""

    def __init__(self, policy: UrlPolicy, open_socket: OpenSocket | None = None) -> None:
        self._policy = policy
        self._open = open_socket or _open_socket

    def __call__(self, addr_info: AddrInfoType) -> socket.socket:
        self._policy.admit_connection(str(addr_info[4][0]), int(addr_info[4][1]))
        return self._open(addr_info)


def _open_socket(addr_info: AddrInfoType) -> socket.socket:
    family, kind, protocol, _, _ = addr_info
    return socket.socket(family, kind, protocol)
