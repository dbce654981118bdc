"""Which addresses a deployment lets the client reach: the public web, and what its operator opens."""

from dataclasses import dataclass, field
from ipaddress import ip_address

from onrecord.web.address import Allowlist, check_address
from onrecord.web.errors import PrivateNetworkRefused, UrlRefused
from onrecord.web.host import is_private_name
from onrecord.web.url import WebAddress

WEB_PORTS = frozenset({80, 443, 8080, 8443})  # where news sites listen; other ports belong to databases and mail


@dataclass(frozen=True, slots=True)
class UrlPolicy:
    ports: frozenset[int] = WEB_PORTS
    allowlist: Allowlist = field(default_factory=Allowlist)
    nat64: bool = False

    def admit(self, address: WebAddress) -> None:
        """Before any lookup: raise `UrlRefused` or `PrivateNetworkRefused` for what could only be private."""
        if address.port not in self.ports | self.allowlist.ports:
            raise UrlRefused("port", f"{address.port} is not a web port")
        if is_literal(address.host):
            self.admit_connection(address.host, address.port)
        elif is_private_name(address.host) and address.port not in self.allowlist.ports:
            raise UrlRefused("name", f"{address.host} is not a public name")

    def admit_answer(self, host: str, ip: str, port: int) -> None:
        """After the lookup of `host`: a private name may lead only to what the operator opened."""
        if is_private_name(host) and not self.allowlist.permits(ip, port):
            raise PrivateNetworkRefused(f"{host} is not a public name and {ip}:{port} is not on the allowlist")
        self.admit_connection(ip, port)

    def admit_connection(self, ip: str, port: int) -> None:
        """Right before a socket is opened, whatever name led here."""
        if self.allowlist.permits(ip, port):
            return
        if port not in self.ports:
            raise PrivateNetworkRefused(f"{ip}:{port} is not a web port")
        check_address(ip, nat64=self.nat64)

    def parse(self, text: str) -> WebAddress:
        address = WebAddress.parse(text)
        self.admit(address)
        return address


def is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
