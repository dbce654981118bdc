from ipaddress import ip_address

import pytest

from onrecord.web import Allowlist, PrivateNetworkRefused, check_address
from onrecord.web.address import IPV4_REFUSED, IPV6_REFUSED


@pytest.mark.parametrize("network", [network for network, _ in IPV4_REFUSED + IPV6_REFUSED], ids=str)
def test_both_ends_of_each_block_are_refused(network) -> None:  # type: ignore[no-untyped-def]
    for end in (network[0], network[-1]):
        with pytest.raises(PrivateNetworkRefused):
            check_address(end)
        if network.version == 4:
            with pytest.raises(PrivateNetworkRefused):
                check_address(f"::ffff:{end}")


@pytest.mark.parametrize(
    "ip", ["1.1.1.1", "9.255.255.255", "168.63.129.15", "168.63.129.17", "223.255.255.255", "2000::1", "2001:200::1", "3ffe::1"]
)
def test_neighbours_pass(ip: str) -> None:
    check_address(ip)
    check_address(ip_address(ip))


@pytest.mark.parametrize(
    "ip", ["::", "::1", "::127.0.0.1", "::ffff:0:1.1.1.1", "fec0::1", "5f00::1", "4000::1", "fe80::1%eth0", "x", ""]
)
def test_outside_global_unicast_is_refused(ip: str) -> None:
    with pytest.raises(PrivateNetworkRefused) as refused:
        check_address(ip)
    assert isinstance(refused.value, OSError)
    assert refused.value.reason == "blocked_address"


def test_nat64_is_an_option_and_its_inside_is_checked() -> None:
    with pytest.raises(PrivateNetworkRefused):
        check_address("64:ff9b::808:808")
    check_address("64:ff9b::808:808", nat64=True)
    with pytest.raises(PrivateNetworkRefused):
        check_address("64:ff9b::a9fe:a9fe", nat64=True)


def test_allowlist_is_empty_by_default() -> None:
    assert not Allowlist().permits("127.0.0.1", 80)
    assert Allowlist.parse("") == Allowlist()


def test_allowlist_permits_its_addresses_on_its_port() -> None:
    opened = Allowlist.parse("127.0.0.1/32:8765, [fd00::]/8:8080")
    assert opened.permits("127.0.0.1", 8765)
    assert opened.permits("::ffff:127.0.0.1", 8765)
    assert opened.permits("fd12::1", 8080)
    assert not opened.permits("127.0.0.1", 8080)
    assert not opened.permits("127.0.0.2", 8765)
    assert opened.ports == {8765, 8080}
    assert str(opened) == "127.0.0.1/32:8765, [fd00::]/8:8080"
    assert Allowlist.parse(str(opened)) == opened


@pytest.mark.parametrize(
    "entry", ["127.0.0.1:80", "127.0.0.1/33:80", "127.0.0.1/32", "127.0.0.1/32:0", "10.0.0.1/8:80", "x/8:80", "1.0.0.0/8:٨"]
)
def test_allowlist_refuses_what_it_cannot_read(entry: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Allowlist.parse([entry])
