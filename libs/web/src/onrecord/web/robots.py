"""What each site allows, asked once a day and remembered.

RFC 9309, 2.3.1 and 2.4: 2xx is parsed; 4xx allows all; what cannot be reached (5xx, 429, no answer) disallows all, unless an
older copy is known. A robots.txt behind a broken redirect counts as absent.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from onrecord.contracts.outcome import OutcomeKind
from onrecord.web.client import WebClient
from onrecord.web.errors import FetchFailed, RobotsDisallowed, WebError
from onrecord.web.limits import Limits
from onrecord.web.politeness import Politeness
from onrecord.web.response import Response
from onrecord.web.robots_rules import ALLOW_ALL, DISALLOW_ALL, RobotsRules
from onrecord.web.url import WebAddress

FRESH_S = 86_400.0  # RFC 9309, 2.4: not longer than a day
RETRY_UNREACHABLE_S = 600.0  # a site in trouble is not asked again with every item
ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much is read; the rest is dropped
CACHE_HOSTS = 20_000
CACHE_BYTES = 64 << 20  # of rules; one hostile file alone may hold 7 MB, so that sites alone are no bound


@dataclass(frozen=True, slots=True)
class _Entry:
    rules: RobotsRules
    expires_at_s: float
    known: bool  # False: the site was never reached, the rules are a guess on the safe side
    detail: str = ""


class Robots:
    """robots.txt of every site, in a bounded cache. Fetches take the host's turn where `politeness` is given."""

    def __init__(
        self,
        client: WebClient,
        *,
        politeness: Politeness | None = None,
        clock_s: Callable[[], float] = time.monotonic,
        cache_hosts: int = CACHE_HOSTS,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self._client = client
        self._politeness = politeness
        self._clock_s = clock_s
        self._cache_hosts = cache_hosts
        self._cache_bytes = cache_bytes
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._held_bytes = 0
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def rules(self, url: str | WebAddress) -> RobotsRules:
        """The rules for `url`'s site, fetched if need be: call it outside the host's turn.

        Raises `UrlRefused` or `PrivateNetworkRefused` where the site itself is out of bounds, `HostBusy` from the queue.
        """
        return (await self._entry(url)).rules

    async def check(self, url: str | WebAddress) -> RobotsRules:
        """As `rules`, but raises `RobotsDisallowed` for a refusal and a retryable `FetchFailed` where nobody could be asked."""
        entry = await self._entry(url)
        if entry.rules.allowed(url):
            return entry.rules
        if entry.known:
            raise RobotsDisallowed(str(url))
        raise FetchFailed("robots_unreachable", entry.detail)

    async def _entry(self, url: str | WebAddress) -> _Entry:
        address = WebAddress.parse(url) if isinstance(url, str) else url
        site = address.origin
        asking = self._asking.setdefault(site, asyncio.Lock())
        async with asking:
            entry = self._entries.get(site)
            if entry is None or entry.expires_at_s <= self._clock_s():
                entry = await self._ask(replace(address, path="/robots.txt", query=None), entry)
                self._remember(site, entry)
            self._entries.move_to_end(site)
            return entry

    async def _ask(self, robots_txt: WebAddress, old: _Entry | None) -> _Entry:
        try:
            response = await self._fetch(robots_txt)
        except WebError as error:
            if error.redirects and error.reason in ("blocked_address", "too_many_redirects", "redirect_refused"):
                return self._fresh(ALLOW_ALL)
            if error.outcome in (OutcomeKind.fetch_failed, OutcomeKind.body_too_large):
                return self._unreachable(old, str(error), None)
            raise
        if response.retryable:
            return self._unreachable(old, str(response.reason), response.retry_after_s)
        if not response.ok:
            return self._fresh(ALLOW_ALL)
        return self._fresh(RobotsRules.parse(response.body, self._client.user_agent.product))

    async def _fetch(self, robots_txt: WebAddress) -> Response:
        limits = self._client.limits
        bounds: Limits = replace(limits, decoded_bytes=min(ROBOTS_BYTES, limits.decoded_bytes))
        if self._politeness is None:
            return await self._get(robots_txt, bounds)
        async with self._politeness.turn(robots_txt.host_port):
            return await self._get(robots_txt, bounds)

    async def _get(self, robots_txt: WebAddress, bounds: Limits) -> Response:
        accept = "text/plain, */*;q=0.1"
        return await self._client.get(robots_txt, follow_hosts=True, accept=accept, limits=bounds, truncate=True)

    def _fresh(self, rules: RobotsRules) -> _Entry:
        return _Entry(rules, self._clock_s() + FRESH_S, known=True)

    def _unreachable(self, old: _Entry | None, detail: str, retry_after_s: float | None) -> _Entry:
        again_at_s = self._clock_s() + max(RETRY_UNREACHABLE_S, retry_after_s or 0.0)
        if old is not None and old.known:
            return _Entry(old.rules, again_at_s, known=True, detail=detail)
        return _Entry(DISALLOW_ALL, again_at_s, known=False, detail=detail)

    def _remember(self, site: str, entry: _Entry) -> None:
        replaced = self._entries.pop(site, None)
        self._held_bytes += entry.rules.size_bytes - (replaced.rules.size_bytes if replaced else 0)
        self._entries[site] = entry
        while len(self._entries) > 1 and (len(self._entries) > self._cache_hosts or self._held_bytes > self._cache_bytes):
            _, oldest = self._entries.popitem(last=False)
            self._held_bytes -= oldest.rules.size_bytes
