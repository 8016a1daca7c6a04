"""Which addresses are used; and that whoever connects reads the same in them as we do."""

import ipaddress

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from smart_api import client
from smart_api.addresses import (
    ConfigurationError,
    ConfigurationFault,
    is_loopback,
    read_address,
)


@pytest.mark.parametrize(
    ("url", "checked"),
    [
        (client.PRODUCTION_URL, client.PRODUCTION_URL),
        (client.TEST_URL + "/", client.TEST_URL),
        (" https://example.com/smart/ \n", "https://example.com/smart"),
        ("HTTPS://Example.COM:443/Smart", "https://example.com/Smart"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("https://xn--ejmplo-gva.com", "https://xn--ejmplo-gva.com"),
        ("https://10.0.0.1/smart", "https://10.0.0.1/smart"),
        ("https://[2001:DB8::1]", "https://[2001:db8::1]"),
        ("http://localhost:8170", "http://localhost:8170"),
        ("http://LOCALHOST:80/", "http://localhost"),
        ("http://127.3.2.1/", "http://127.3.2.1"),
        ("http://[::1]:8170", "http://[::1]:8170"),
    ],
)
def test_addresses_that_can_be_used(url, checked):
    assert read_address(url).base_url == checked


@pytest.mark.parametrize(
    "url",
    [
        "",
        None,
        "bck.factura-smart.com",
        "//example.com",
        "ftp://example.com",
        "file:///etc/passwd",
        "https:example.com",
        "https:/example.com",
        "https://",
        "https:///example.com",
        "https://.example.com",
        "https://example..com",
        "https://example.com.",
        "https://-example.com",
        "https://exa_mple.com",
        "https://ejémplo.com",
        "https://ｅxample.com",
        "https://example。com",
        "https://exa mple.com",
        "https://exa\tmple.com",
        "https://exa\nmple.com/",
        "https://example.com\\.evil.com",
        "https://example.com%2eevil.com",
        "https://%65xample.com",
        "https://[::1",
        "https://::1",
        "https://[::1]]",
        "https://[::1]evil",
        "https://[::1]evil/",
        "https://[::1].evil.com",
        "https://[::1]:80evil",
        "https://[::1%25eth0]",
        "https://[v1.evil]",
        "https://[localhost]",
        "https://[127.0.0.1]",
        "https://127.0.0.1.",
        "https://127.1",
        "https://127.0.0.01",
        "https://0x7f.1",
        "https://0x7f000001",
        "https://2130706433",
        "https://0177.0.0.1",
        "https://1.2.3.4.5",
        "https://example.com.0x7f",
        "https://example.com:",
        "https://example.com:0",
        "https://example.com:port",
        "https://example.com:99999",
        "https://example.com:+443",
        "https://example.com:４４３",
        "https://example.com:443:443",
    ],
)
def test_addresses_that_name_no_host(url):
    with pytest.raises(ConfigurationError) as raised:
        read_address(url)
    assert raised.value.fault is ConfigurationFault.NO_HOST


@pytest.mark.parametrize(
    "url",
    [
        "https://user:word@example.com",
        "https://@example.com",
        "https://127.0.0.1@example.com",
        "http://127.0.0.1@example.com",
        "http://127.0.0.1\\@example.com",
        "http://localhost:80@example.com/",
        "http://localhost#@example.com/",
        "http://localhost?@example.com/",
        "https://example.com?a=1",
        "https://example.com/?",
        "https://example.com#a",
    ],
)
def test_addresses_that_say_more_than_where_it_is(url):
    with pytest.raises(ConfigurationError) as raised:
        read_address(url)
    assert raised.value.fault is ConfigurationFault.MORE_THAN_AN_ADDRESS


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://128.0.0.1",
        "http://localhost.evil",
        "http://localhost.example.com",
        "http://evil.localhost",
        "http://127.0.0.1.example.com",
        "http://127.0.0.1.nip.io",
        "http://1270.0.0.1.com",
        "http://[::]",
        "http://[::2]",
        "http://[::ffff:127.0.0.1]",
        "http://[::ffff:10.0.0.1]",
        "http://[::127.0.0.1]",
    ],
)
def test_nothing_leaves_this_machine_unencrypted(url):
    with pytest.raises(ConfigurationError) as raised:
        read_address(url)
    assert raised.value.fault is ConfigurationFault.NOT_ENCRYPTED


def test_loopback_is_this_machine():
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.255.0.1", "::1")))
    assert not any(map(is_loopback, ("", "example.com", "128.0.0.1", "::2", "0.0.0.0", "127.1")))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.com", "https://EXAMPLE.com:443/api/", True),
        ("http://localhost", "http://localhost:80", True),
        ("https://example.com", "https://example.com:8443", False),
        ("https://localhost", "http://localhost", False),
        ("https://example.com", "https://www.example.com", False),
    ],
)
def test_the_origin_tells_whether_two_addresses_are_one_place(one, other, same):
    assert (read_address(one).origin == read_address(other).origin) is same


# -- whoever connects reads the same -------------------------------------------------------

PIECES = [
    "http://", "https://", "HTTP://", "http:", "//", "/", "\\", "@", ":", "?", "#", "%", "[", "]",
    "localhost", "LocalHost", "127.0.0.1", "127.1", "127.255.255.254", "::1", "[::1]", "[::1%25lo]",
    "::ffff:127.0.0.1", "0x7f.1", "2130706433", "0177.0.0.1", "10.0.0.1", "evil", "evil.com", ".",
    "..", "-", "_", "80", "443", ":8069", ":0", ":65536", "user", "user:word@", "%2e", "%40", "%00",
    "\t", "\n", "\r", " ", "\0", "。", "．", "①", "ⓛocalhost", "ｌocalhost", "localhoſt",
    "\u00ad", "\u200b", "\u2028", "xn--", "é", "/..", "/./", "/facturacion", ";", ",", "&", "=",
]  # fmt: skip
tricky = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=8).map("".join)
addresses = st.builds("{}{}".format, st.sampled_from(["http://", "https://", ""]), tricky)


def connected_to(url):
    """Return scheme, host and port as requests prepares ``url`` and urllib3 reads it."""
    prepared = requests.Request("POST", url).prepare().url
    parts = parse_url(prepared)
    return parts.scheme, parts.host, parts.port or {"http": 80, "https": 443}[parts.scheme]


@given(addresses)
@example("http://[::1]evil/")
@example("http://127.0.0.1\\@evil.com/")
@example("https://EXAMPLE.com:0443/")
@example("http://[0:0:0:0:0:0:0:1]:8069/..")
def test_what_is_used_is_read_alike_by_whoever_connects(url):
    try:
        address = read_address(url)
    except ConfigurationError:
        return
    scheme, host, port = connected_to(address.base_url + "/facturacion")
    assert (scheme, host, port) == (address.scheme, address.host, address.port)
    if scheme == "http" or address.is_loopback:
        bare = host.strip("[]")
        assert (
            bare == "localhost"
            or ipaddress.ip_address(bare) == ipaddress.ip_address("::1")
            or ipaddress.ip_address(bare) in ipaddress.ip_network("127.0.0.0/8")
        )
