"""Which addresses are public, and what a moderator may enter."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.http.public_addresses import CARRIES_V4, checked_address, is_opened, is_public
from bot.errors import ArenaError
from tests.backends.http.addresses import METADATA, PUBLIC, private_hosts, private_v4, private_v6, v4, v6


@pytest.mark.parametrize(
    "address", ["8.8.8.8", PUBLIC, "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *METADATA,
        *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.31.0.1", "192.168.1.1", "100.64.0.1", "255.255.255.255"),
        *(
            "::1",
            "::",
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "ff02::1",
            "fec0::1",
            "2001::1",
            "2002:7f00:1::",
        ),
        *("::ffff:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::8.8.8.8", "::127.0.0.1"),
        *("5f00::1", "100::1"),
        *("localhost", "", "1", "8.8.8.8.8"),
    ],
)
def test_all_others_are_not(address: str) -> None:
    assert not is_public(address)


@given(st.one_of(private_v4, private_v6))
def test_nothing_in_a_special_range_is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert not is_public(str(address))


@given(st.one_of(v4(ipaddress.IPv4Network("0.0.0.0/0")), v6(ipaddress.IPv6Network("::/0"))))
def test_what_is_public_is_global_in_python_s_own_view_too(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    carries = isinstance(address, ipaddress.IPv6Address) and any(address in each for each in CARRIES_V4)

    assert not is_public(str(address)) or carries or address.is_global


@given(private_hosts)
def test_no_spelling_of_a_private_address_can_be_entered_and_then_connected_to(host: str) -> None:
    try:
        checked = checked_address(f"https://{host}/v1")
    except ArenaError:
        return
    raise AssertionError(checked)


@pytest.mark.parametrize(
    ("entered", "normal"),
    [
        ("https://API.example.org/v1/", "https://api.example.org/v1"),
        (" https://api.example.org:443/v1 ", "https://api.example.org/v1"),
        ("https://bücher.example/v1", "https://xn--bcher-kva.example/v1"),
        ("https://api.example.org./v1", "https://api.example.org/v1"),
        ("http://8.8.8.8:8080", "http://8.8.8.8:8080"),
        ("https://[2606:4700::1111]/v1", "https://[2606:4700::1111]/v1"),
    ],
)
def test_an_address_is_kept_in_its_normal_form(entered: str, normal: str) -> None:
    assert checked_address(entered).rstrip("/") == normal


@pytest.mark.parametrize(
    "entered",
    [
        *("", "api.example.org", "ftp://api.example.org", "file:///etc/passwd", "https://", "https:///v1"),
        *("https://me:pw@api.example.org", "https://@api.example.org", "https://api.example.org?a=b"),
        *("https://api.example.org#x", "https://api.example.org:99999", "https://a b.example"),
        *(
            "https://api.example.org\\@127.0.0.1",
            "https://api.example.org\n.example",
            "https://a%2eb.example",
        ),
        *("https://[::1", "https://localhost", "https://127.0.0.1/v1", "unix:///run/docker.sock"),
        f"https://{'a' * 300}.example",
        *(
            "http://.",
            "https://..",
            "http://./v1",
            "https://。/",
            "http://a..b/v1",
            "https://.a",
            "https://-",
        ),
        *("https://*/v1", f"https://{'a' * 64}.example", "https://a..", "https://a-.example"),
    ],
)
def test_what_is_no_usable_address_is_refused_in_words(entered: str) -> None:
    with pytest.raises(ArenaError):
        checked_address(entered)


def test_the_operator_can_open_a_host_or_one_port_of_it() -> None:
    opened = {"127.0.0.1:11434", "gpu.lan", "[::1]"}

    assert is_opened("http://127.0.0.1:11434/v1", opened)
    assert not is_opened("http://127.0.0.1:22/v1", opened)
    assert is_opened("http://gpu.lan:8000/v1", opened)
    assert not is_opened("http://other.gpu.lan/v1", opened)
    assert is_opened("http://[::1]:8000/v1", opened)
    assert checked_address("http://127.0.0.1:11434/v1", opened) == "http://127.0.0.1:11434/v1"
