"""Around everything: security headers on every answer, access, rate limit, and errors as JSON."""

import json
import logging
import math
from collections.abc import Sequence

import asyncpg
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.runtime.database import OUTAGES
from onrecord.store.api.access import LOOPBACK_NAMES, Token, holder, host_name
from onrecord.store.api.limits import RateLimit

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
NEEDS_TOKEN = "/v1/"  # noqa: S105 - a path
DATABASE_RETRY_S = 5  # the services' own back-off is at 8 s by then

log = logging.getLogger(__name__)


class Refusal(Exception):
    def __init__(self, status: int, error: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.error = error
        self.headers = headers or {}


class Guard:
    """Outermost, so that its headers are on errors too. Without tokens only loopback host names are answered:
    a page elsewhere whose name was made to point here can not read through the visitor's browser."""

    def __init__(self, app: ASGIApp, *, tokens: Sequence[Token], rate_limit: RateLimit) -> None:
        self._app = app
        self._tokens = tokens
        self._rate_limit = rate_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = Answering(send)
        try:
            self._admit(scope)
            await self._app(scope, receive, answer)
        except Refusal as refusal:
            await answer.problem(refusal)
        except Exception as error:
            if answer.started:
                raise
            await answer.problem(_problem(error))

    def _admit(self, scope: Scope) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        token = holder(headers.get("authorization"), self._tokens)
        address = scope["client"][0] if scope.get("client") else "unknown"
        wait_s = self._rate_limit.wait_s(f"token {token.name}" if token else f"address {address}")
        if wait_s > 0:
            seconds = max(1, math.ceil(wait_s))
            raise Refusal(429, "too_many_requests", f"try again in {seconds} s", {"retry-after": str(seconds)})
        if not self._tokens and host_name(headers.get("host")) not in LOOPBACK_NAMES:
            raise Refusal(421, "unknown_host", "without a token the API answers on loopback names only")
        if self._tokens and token is None and scope["path"].startswith(NEEDS_TOKEN):
            raise Refusal(401, "unauthorized", "send Authorization: Bearer <token>", {"www-authenticate": "Bearer"})


class Answering:
    """`send` with the security headers; what the app sets itself wins."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            own = list(message.get("headers", ()))
            names = {name.decode("latin-1").casefold() for name, _ in own}
            added = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items() if name not in names]
            message = {**message, "headers": [*own, *added]}
        await self._send(message)

    async def problem(self, refusal: Refusal) -> None:
        body = json.dumps({"error": refusal.error, "detail": str(refusal)}).encode()
        headers = {"content-type": "application/json", "content-length": str(len(body)), **refusal.headers}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self({"type": "http.response.start", "status": refusal.status, "headers": raw})
        await self({"type": "http.response.body", "body": body})


def _problem(error: Exception) -> Refusal:
    """Says nothing of what went wrong inside."""
    if isinstance(error, asyncpg.QueryCanceledError):
        return Refusal(503, "query_too_slow", "narrow the filters")
    if isinstance(error, OUTAGES):
        log.warning("the database is away: %s", type(error).__name__)
        return Refusal(503, "unavailable", "the database is away", {"retry-after": str(DATABASE_RETRY_S)})
    if isinstance(error, asyncpg.DataError):
        return Refusal(400, "bad_request", "a value that can not be searched for")
    log.error("request failed", exc_info=error)
    return Refusal(500, "internal", "see the log")
