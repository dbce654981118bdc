"""Which IP addresses may be connected to.

Own table instead of the standard library's `is_private`, whose answer changes between Python versions. Sources: the IANA
special-purpose registries for IPv4 and IPv6, and the metadata address that one cloud serves from public space.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from onrecord.web.errors import PrivateNetworkRefused

IPAddress = IPv4Address | IPv6Address

IPV4_REFUSED: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(cidr), why)
    for cidr, why in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata in public space"),
        ("169.254.0.0/16", "link-local and cloud metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved and broadcast"),
    )
)
IPV6_GLOBAL = IPv6Network("2000::/3")
IPV6_REFUSED: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(cidr), why)
    for cidr, why in (
        ("2001::/23", "protocol assignments and Teredo"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
    )
)
NAT64 = IPv6Network("64:ff9b::/96")


def check_address(ip: str | IPAddress, *, nat64: bool = False) -> None:
    """Raise `PrivateNetworkRefused` unless `ip` is a public unicast address.

    With `nat64` the well-known NAT64 prefix passes where the IPv4 address inside does.
    """
    address = _plain(ip)
    if isinstance(address, IPv6Address):
        if nat64 and address in NAT64:
            address = IPv4Address(int(address) & 0xFFFF_FFFF)
        elif address not in IPV6_GLOBAL:
            raise PrivateNetworkRefused(f"{address} is refused: not global unicast")
    refused = IPV4_REFUSED if isinstance(address, IPv4Address) else IPV6_REFUSED
    for network, why in refused:
        if address in network:
            raise PrivateNetworkRefused(f"{address} is refused: {why}")


def _plain(ip: str | IPAddress) -> IPAddress:
    """The address itself: IPv4 unwrapped from an IPv4-mapped address, zone ids refused."""
    try:
        address = ip_address(ip)
    except ValueError as error:
        raise PrivateNetworkRefused(f"{ip!r} is no IP address") from error
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            raise PrivateNetworkRefused(f"{address} is refused: zone id")
        return address.ipv4_mapped or address
    return address


@dataclass(frozen=True, slots=True)
class AllowedNetwork:
    network: IPv4Network | IPv6Network
    port: int

    @classmethod
    def parse(cls, entry: str) -> "AllowedNetwork":
        """`127.0.0.1/32:8765` or `[fd00::]/8:8080`; raises ValueError for anything else."""
        cidr, _, port = entry.strip().rpartition(":")
        if "/" not in cidr or not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
            raise ValueError(f"allowlist entry {entry!r} is not CIDR:port")
        return cls(ip_network(cidr.replace("[", "").replace("]", "")), int(port))

    def __str__(self) -> str:
        return f"{self.network}:{self.port}" if self.network.version == 4 else self._bracketed()

    def _bracketed(self) -> str:
        return f"[{self.network.network_address}]/{self.network.prefixlen}:{self.port}"


@dataclass(frozen=True, slots=True)
class Allowlist:
    """Private addresses and ports that an operator opens, for tests and intranets. Empty by default."""

    entries: tuple[AllowedNetwork, ...] = ()

    @classmethod
    def parse(cls, entries: str | Iterable[str]) -> "Allowlist":
        """Entries, or one string of entries separated by commas."""
        listed = entries.split(",") if isinstance(entries, str) else entries
        return cls(tuple(AllowedNetwork.parse(entry) for entry in listed if entry.strip()))

    def permits(self, ip: str | IPAddress, port: int) -> bool:
        if not self.entries:
            return False
        address = _plain(ip)
        return any(entry.port == port and address in entry.network for entry in self.entries)

    @property
    def ports(self) -> frozenset[int]:
        return frozenset(entry.port for entry in self.entries)

    def __str__(self) -> str:
        return ", ".join(str(entry) for entry in self.entries)
