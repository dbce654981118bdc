"""The one client through which everything outside is fetched."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, Self, TypedDict, Unpack, overload

import aiohttp
from aiohttp.abc import AbstractResolver

from onrecord.contracts.item import Validators
from onrecord.web.agent import UserAgent
from onrecord.web.errors import FetchFailed, WebError
from onrecord.web.exchange import read_body, request_headers, response_of
from onrecord.web.failures import failure_of
from onrecord.web.guard import CheckingResolver, GuardedSockets, OpenSocket
from onrecord.web.limits import Limits
from onrecord.web.policy import UrlPolicy
from onrecord.web.response import Redirected, Response
from onrecord.web.url import WebAddress

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
PERMANENT_STATUSES = frozenset({301, 308})


def utc_now() -> datetime:
    return datetime.now(UTC)


class GetOptions(TypedDict, total=False):
    """`deadline_s` shortens the total time; `truncate` cuts a long body instead of raising; `redirects`: hops already made."""

    accept: str
    validators: Validators | None
    deadline_s: float | None
    limits: Limits | None
    truncate: bool
    redirects: int


@dataclass(slots=True)
class _Journey:
    """One fetch on its way through redirects."""

    requested: WebAddress
    current: WebAddress
    headers: dict[str, str]
    limits: Limits
    truncate: bool
    redirects: int
    permanent: bool = True
    visited: set[WebAddress] = field(default_factory=set)


class WebClient:
    """Fetches public http(s) URLs under `policy` and `limits`; no cookies, no proxies, no credentials.

    Use as an async context manager. `resolver`, `open_socket` and `now` stand for the outside world and are given by tests.
    """

    def __init__(
        self,
        user_agent: UserAgent,
        *,
        policy: UrlPolicy | None = None,
        limits: Limits | None = None,
        resolver: AbstractResolver | None = None,
        open_socket: OpenSocket | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.user_agent = user_agent
        self.policy = policy or UrlPolicy()
        self.limits = limits or Limits()
        self._resolver = resolver
        self._open_socket = open_socket
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=CheckingResolver(self._resolver or aiohttp.ThreadedResolver(), self.policy),
            socket_factory=GuardedSockets(self.policy, self._open_socket),
            use_dns_cache=False,  # connections are kept alive; a cache would only make answers older
            limit=0,  # callers bound their work; a queue here would be charged to the connect timeout
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, connect=self.limits.connect_s),
            max_line_size=self.limits.status_line_bytes,
            max_field_size=self.limits.header_field_bytes,
            max_headers=self.limits.header_count,
            headers={"User-Agent": str(self.user_agent), "Accept-Encoding": "gzip, deflate"},
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @overload
    async def get(self, url: str | WebAddress, *, follow_hosts: Literal[True], **options: Unpack[GetOptions]) -> Response: ...

    @overload
    async def get(
        self, url: str | WebAddress, *, follow_hosts: bool = False, **options: Unpack[GetOptions]
    ) -> Response | Redirected: ...

    async def get(
        self, url: str | WebAddress, *, follow_hosts: bool = False, **options: Unpack[GetOptions]
    ) -> Response | Redirected:
        """Fetch `url`: any HTTP status is a `Response`, whatever prevents one raises a `WebError`.

        Redirects are followed while host and port stay the same, with `follow_hosts` anywhere public; else `Redirected`.
        """
        journey = self._journey(url, options)
        deadline_s = options.get("deadline_s")
        total_s = journey.limits.total_s if deadline_s is None else min(journey.limits.total_s, deadline_s)
        try:
            async with asyncio.timeout(total_s):
                return await self._travel(journey, options, follow_hosts=follow_hosts)
        except TimeoutError as error:
            raise _located(FetchFailed("timeout_total", f"{total_s} s"), journey) from error
        except WebError as error:
            raise _located(error, journey) from error.__cause__

    def _journey(self, url: str | WebAddress, options: GetOptions) -> _Journey:
        address = WebAddress.parse(url) if isinstance(url, str) else url
        return _Journey(
            requested=address,
            current=address,
            headers=request_headers(options.get("accept", "*/*"), options.get("validators")),
            limits=options.get("limits") or self.limits,
            truncate=options.get("truncate", False),
            redirects=options.get("redirects", 0),
        )

    async def _travel(self, journey: _Journey, options: GetOptions, *, follow_hosts: bool) -> Response | Redirected:
        self.policy.admit(journey.current)
        while True:
            answer = await self._hop(journey)
            if isinstance(answer, Response):
                return answer
            self.policy.admit(answer.location)
            if answer.location.host_port != journey.current.host_port:
                if not follow_hosts:
                    return answer
                # Validators belong to the host that gave them.
                journey.headers = request_headers(options.get("accept", "*/*"), None)
            journey.permanent = journey.permanent and answer.status in PERMANENT_STATUSES
            journey.current, journey.redirects = answer.location, answer.redirects

    async def _hop(self, journey: _Journey) -> Response | Redirected:
        answer = await self._open(journey)
        try:
            if answer.status in REDIRECT_STATUSES and "Location" in answer.headers:
                return self._redirected(journey, answer)
            now = self._now()
            wanted = 200 <= answer.status < 300
            body = await read_body(answer, journey.limits, truncate=journey.truncate) if wanted else None
            return response_of(
                answer,
                body,
                url_requested=str(journey.requested),
                url_final=str(journey.current),
                redirects=journey.redirects,
                permanent=journey.permanent and journey.redirects > 0,
                now=now,
            )
        except aiohttp.ClientError as error:
            raise failure_of(error) from error
        finally:
            # Closes the connection where the body was not read to its end.
            answer.release()

    async def _open(self, journey: _Journey) -> aiohttp.ClientResponse:
        if self._session is None:
            raise RuntimeError("the client is not open: use it in `async with`")
        try:
            async with asyncio.timeout(journey.limits.headers_s):
                return await self._session.get(journey.current.url, headers=journey.headers, allow_redirects=False)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise failure_of(error) from error

    def _redirected(self, journey: _Journey, answer: aiohttp.ClientResponse) -> Redirected:
        location = journey.current.join(answer.headers["Location"])
        journey.visited.add(journey.current)
        if journey.redirects >= journey.limits.redirects or location in journey.visited:
            raise FetchFailed("too_many_redirects", f"after {journey.redirects}")
        if journey.current.scheme == "https" and location.scheme == "http":
            raise FetchFailed("redirect_refused", "from https to http")
        return Redirected(str(journey.requested), location, journey.redirects + 1, answer.status, self._now())


def _located(error: WebError, journey: _Journey) -> WebError:
    error.url, error.redirects = str(journey.current), journey.redirects
    return error
