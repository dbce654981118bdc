"""What a fetch gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from onrecord.contracts.item import Validators
from onrecord.web.headers import Link
from onrecord.web.url import WebAddress

# Besides server errors: request timeout, too early, too many requests.
RETRYABLE_STATUSES = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Response:
    """An answer with its facts. The body is read for 2xx only; `body_sha256` (hex) is absent without one.

    `permanent`: redirects led here, and all of them said for ever (301, 308).
    """

    url_requested: str
    url_final: str
    redirects: int
    status: int
    fetched_at: datetime
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry_after_s: float | None = None
    max_age_s: int | None = None
    expires: datetime | None = None
    links: tuple[Link, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    body_sha256: str | None = None
    truncated: bool = False
    permanent: bool = False

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def not_modified(self) -> bool:
        return self.status == 304

    @property
    def reason(self) -> str | None:
        """`http_404` and the like; None for 2xx and 304."""
        return None if self.ok or self.not_modified else f"http_{self.status}"

    @property
    def retryable(self) -> bool:
        return self.status >= 500 or self.status in RETRYABLE_STATUSES

    @property
    def validators(self) -> Validators:
        return Validators(etag=self.etag, last_modified=self.last_modified, body_sha256=self.body_sha256)


@dataclass(frozen=True, slots=True)
class Redirected:
    """The answer lies on another host, whose turn it is not: fetch `location` under that host's key.

    `redirects` counts the hops so far, this one included; hand it to the next `get`.
    """

    url_requested: str
    location: WebAddress
    redirects: int
    status: int
    fetched_at: datetime
