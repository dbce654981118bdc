"""The HTTP library's exceptions, in our words."""

import aiohttp
from aiohttp.http_exceptions import LineTooLong, TransferEncodingError

from onrecord.web.errors import FetchFailed, FetchReason, PrivateNetworkRefused, UrlRefused, WebError

# The parser has no type of its own for this one.
TOO_MANY_HEADERS = "Too many headers"
CUT_SHORT = "Not enough data"

_REASONS: tuple[tuple[type[Exception], FetchReason], ...] = (
    (aiohttp.ConnectionTimeoutError, "timeout_connect"),
    (aiohttp.ClientConnectorDNSError, "dns_error"),
    (aiohttp.ClientSSLError, "tls_error"),
    (aiohttp.ClientConnectorError, "connect_failed"),
    (aiohttp.ServerDisconnectedError, "connection_reset"),
    (aiohttp.ClientOSError, "connection_reset"),
    (aiohttp.ClientConnectionError, "connection_reset"),
    (TimeoutError, "timeout_headers"),
)


def failure_of(error: Exception) -> WebError:
    """The address guard's refusal if one is the cause, since the library's message hides it; else `FetchFailed`."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, PrivateNetworkRefused):
            return cause
    if isinstance(error, aiohttp.InvalidURL):
        return UrlRefused("syntax", "refused by the HTTP library")
    return FetchFailed(_reason(error, causes), type(error).__name__)


def _reason(error: Exception, causes: list[BaseException]) -> FetchReason:
    if isinstance(error, aiohttp.ClientPayloadError):
        broken = any(isinstance(cause, TransferEncodingError) and CUT_SHORT not in str(cause) for cause in causes)
        return "http_protocol" if broken else "body_truncated"
    if isinstance(error, aiohttp.ClientResponseError):
        long = TOO_MANY_HEADERS in error.message or any(isinstance(cause, LineTooLong) for cause in causes)
        return "headers_too_large" if long else "http_protocol"
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return "http_protocol"


def _causes(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    return chain
