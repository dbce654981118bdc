"""Two spellings of one address, told to be one."""

import re
from functools import cache

import tldextract

from onrecord.web.policy import is_literal
from onrecord.web.url import WebAddress

# Parameters that name the reader's way to a page and never the page. Prefixes end with an underscore.
TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "mtm_", "hsa_", "at_campaign", "at_medium")
# fmt: off
TRACKING_PARAMETERS = frozenset({
    "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "cmpid", "dclid",
    "fbclid", "gbraid", "gclid", "gclsrc", "icid", "igshid", "ito",
    "li_fat_id", "mkt_tok", "msclkid", "ncid", "ns_campaign", "ns_linkname", "ns_mchannel",
    "ns_source", "ocid", "oly_anon_id", "oly_enc_id", "ref_src", "ref_url", "s_cid",
    "smid", "ttclid", "twclid", "vero_conv", "vero_id", "wbraid", "wt.mc_id",
    "wt_mc", "xtor", "yclid",
})
# fmt: on

_ESCAPE = re.compile(r"%[0-9A-F]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")  # RFC 3986, 2.3: escaped or not, the same


def canonical_url(url: str | WebAddress) -> str:
    """Lower-case scheme and host, no default port, fragment or tracking parameters, escapes in one form; order is kept.

    Raises `UrlRefused` for what is not an http(s) URL; says nothing about whether it may be fetched.
    """
    address = WebAddress.parse(url) if isinstance(url, str) else url
    kept = [pair for pair in (address.query or "").split("&") if pair and not _is_tracking(pair.partition("=")[0])]
    path, query = _unescaped(address.path), _unescaped("&".join(kept))
    return str(WebAddress(address.scheme, address.host, address.port, path, query or None))


def host_port(url: str | WebAddress) -> str:
    """The key under which a URL's host is fetched: `example.com:443`."""
    return (WebAddress.parse(url) if isinstance(url, str) else url).host_port


def same_registrable_domain(one: str | WebAddress, other: str | WebAddress) -> bool:
    """Whether both belong to one registrant by the public suffix list, where the sites of one blog host are strangers."""
    return _registrable(one) == _registrable(other)


def _registrable(url: str | WebAddress) -> str:
    host = (WebAddress.parse(url) if isinstance(url, str) else url).host
    if is_literal(host):
        return host
    return _suffixes().extract_str(host).top_domain_under_public_suffix or host


@cache
def _suffixes() -> tldextract.TLDExtract:
    # The list bundled with the library: a fetch of it would pass the guard by, and a cache folder may be read-only.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _is_tracking(name: str) -> bool:
    name = name.lower()
    return name in TRACKING_PARAMETERS or name.startswith(TRACKING_PREFIXES)


def _unescaped(part: str) -> str:
    def plain(match: re.Match[str]) -> str:
        character = chr(int(match[0][1:], 16))
        return character if _UNRESERVED.fullmatch(character) else match[0]

    return _ESCAPE.sub(plain, part)
