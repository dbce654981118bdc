"""One strict reading of a URL, so that no two parsers can disagree about its host.

RFC 3986 with the rules that make a second reading impossible: no blanks, no backslash, no userinfo, no percent sign in the
authority, no host that Unicode normalisation turns into another, no number that is not a dotted IPv4 address.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import IPv6Address

from yarl import URL

from onrecord.web.errors import UrlRefused
from onrecord.web.host import host_of

MAX_URL_CHARS = 4_096  # half of what servers commonly take as a request line
DEFAULT_PORTS = {"http": 80, "https": 443}

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>.*)", re.DOTALL)
_REST = re.compile(r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Up to U+0020 and U+007F: a blank ends a request line, and parsers strip or cut at the others.
_REFUSED_CHARS = re.compile(r"[\x00-\x20\x7f\\]")
_ESCAPE_OR_UNSAFE = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]]", re.DOTALL)


@dataclass(frozen=True)
class WebAddress:
    """An http or https URL, read once. `host` is lower-case ASCII, IPv6 without brackets; there is no fragment."""

    scheme: str
    host: str
    port: int
    path: str
    query: str | None = None

    @classmethod
    def parse(cls, text: str) -> "WebAddress":
        """Raise `UrlRefused` for what is not one unambiguous http(s) URL. Says nothing about where it leads: `UrlPolicy`."""
        _check_characters(text)
        match = _URL.fullmatch(text)
        if match is None:
            raise UrlRefused("syntax", "not scheme://authority")
        scheme = match["scheme"].lower()
        if scheme not in DEFAULT_PORTS:
            raise UrlRefused("scheme", f"{scheme[:20]} is not http or https")
        host, port = _authority(match["authority"], DEFAULT_PORTS[scheme])
        path, query = _path_and_query(match["rest"])
        return cls(scheme, host, port, path, query)

    def join(self, reference: str) -> "WebAddress":
        """The address a Location or link `reference` means here (RFC 3986, 5.2); the same refusals as `parse`."""
        reference = _as_sent(reference).strip(" \t\r\n")
        _check_characters(reference)
        if _SCHEME.match(reference):
            return WebAddress.parse(reference)
        if reference.startswith("//"):
            return WebAddress.parse(f"{self.scheme}:{reference}")
        path, query = _path_and_query(reference, empty="")
        if not path:
            return replace(self, query=query if query is not None else self.query)
        if not path.startswith("/"):
            path = self.path.rpartition("/")[0] + "/" + path
        return replace(self, path=without_dot_segments(path), query=query)

    @cached_property
    def host_port(self) -> str:
        """Key of the host's politeness and of item records: `example.com:443`, `[2001:db8::1]:80`."""
        return f"{self._bracketed_host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host_port}"

    @cached_property
    def url(self) -> URL:
        return URL.build(
            scheme=self.scheme,
            host=self._bracketed_host,
            port=None if self.port == DEFAULT_PORTS[self.scheme] else self.port,
            path=self.path,
            query_string=self.query or "",
            encoded=True,
        )

    @property
    def target(self) -> str:
        """Path and query, as on the request line and as robots rules match it."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self._bracketed_host}{port}{self.target}"

    @property
    def _bracketed_host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def _check_characters(text: str) -> None:
    if len(text) > MAX_URL_CHARS:
        raise UrlRefused("too_long", f"{len(text)} characters")
    if _REFUSED_CHARS.search(text):
        raise UrlRefused("characters", "blank, control character or backslash")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UrlRefused("characters", "not UTF-8") from error


def _authority(authority: str, default_port: int) -> tuple[str, int]:
    if "@" in authority or "%" in authority:
        raise UrlRefused("userinfo", "@ or % before the path")
    if authority.startswith("["):
        literal, bracket, rest = authority[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise UrlRefused("host", "broken brackets")
        return _ipv6(literal), _port(rest[1:], default_port)
    name, _, port = authority.partition(":")
    return host_of(name), _port(port, default_port)


def _ipv6(literal: str) -> str:
    try:
        return IPv6Address(literal).compressed
    except ValueError as error:
        raise UrlRefused("host", "not an IPv6 address in brackets") from error


def _port(text: str, default: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65_536):
        raise UrlRefused("port", f"{text[:10]!r} is no port")
    return int(text)


def _path_and_query(rest: str, empty: str = "/") -> tuple[str, str | None]:
    match = _REST.fullmatch(rest)
    assert match is not None  # every string matches
    path = quoted(match["path"])
    if path.startswith("/"):
        path = without_dot_segments(path)
    query = match["query"]
    return path or empty, quoted(query) if query else None


def quoted(part: str) -> str:
    """Escapes in upper case, everything that is not allowed in a path or query escaped as UTF-8; else unchanged."""

    def escape(match: re.Match[str]) -> str:
        found = match[0]
        return found.upper() if len(found) == 3 else "".join(f"%{byte:02X}" for byte in found.encode())

    return _ESCAPE_OR_UNSAFE.sub(escape, part)


def _as_sent(reference: str) -> str:
    """A header's bytes that are not UTF-8 arrive as lone surrogates: escape the bytes the site really sent."""
    return re.sub("[\udc80-\udcff]", lambda match: f"%{ord(match[0]) - 0xDC00:02X}", reference)


def without_dot_segments(path: str) -> str:
    """RFC 3986, 5.2.4, for an absolute path."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
