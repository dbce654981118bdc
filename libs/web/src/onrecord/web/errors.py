"""Everything this library refuses or fails with.

WebError                     `outcome`: a word of the outcome catalogue; `reason`: the finer word beside it
├── UrlRefused               (ValueError) not a URL that is ever fetched         blocked_address
├── PrivateNetworkRefused    (OSError) the address is not a public one           blocked_address
├── BodyTooLarge             the body passed a size or ratio limit               body_too_large
├── RobotsDisallowed         the site's robots.txt says no                       robots_disallowed
├── FetchFailed              no usable answer; `reason` says in which way        fetch_failed
└── HostBusy                 no end: come back after `retry_after_s`             None
"""

from typing import ClassVar, Literal

from onrecord.contracts.outcome import OutcomeKind

FetchReason = Literal[
    "timeout_connect",
    "timeout_headers",
    "timeout_total",
    "robots_unreachable",
    "dns_error",
    "connect_failed",
    "connection_reset",
    "tls_error",
    "http_protocol",
    "headers_too_large",
    "too_many_redirects",
    "redirect_refused",
    "body_truncated",
    "body_decode_error",
    "unsupported_encoding",
]

# What the site has decided stays so for hours; everything else may be mended by the next try.
LASTING_REASONS: frozenset[FetchReason] = frozenset(
    {"headers_too_large", "too_many_redirects", "redirect_refused", "unsupported_encoding"}
)


class WebError(Exception):
    """Root of the tree. `url` and `redirects` (hops already followed) are set by the client where they are known."""

    outcome: ClassVar[OutcomeKind | None] = None
    reason: str = ""
    retryable: bool = False
    url: str | None = None
    redirects: int = 0


class UrlRefused(WebError, ValueError):
    """`rule` names the broken rule, for people: scheme, userinfo, port, host, name, syntax, characters, too_long."""

    outcome = OutcomeKind.blocked_address
    reason = "blocked_address"

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(f"{rule}: {detail}")
        self.rule = rule


class PrivateNetworkRefused(WebError, OSError):
    """An OSError, since connection racing handles no other type."""

    outcome = OutcomeKind.blocked_address
    reason = "blocked_address"


class BodyTooLarge(WebError):
    outcome = OutcomeKind.body_too_large
    reason = "body_too_large"


class RobotsDisallowed(WebError):
    outcome = OutcomeKind.robots_disallowed
    reason = "robots_disallowed"


class FetchFailed(WebError):
    outcome = OutcomeKind.fetch_failed

    def __init__(self, reason: FetchReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.retryable = reason not in LASTING_REASONS


class HostBusy(WebError):
    """The host's queue is full or its turn too far away: defer the item, `retry_after_s` seconds at least."""

    reason = "host_busy"
    retryable = True

    def __init__(self, host: str, retry_after_s: float) -> None:
        super().__init__(f"{host} is busy for {retry_after_s:.1f} s")
        self.host = host
        self.retry_after_s = retry_after_s
