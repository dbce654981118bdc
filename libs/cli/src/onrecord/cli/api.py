"""Questions to the store's API. Its address is the operator's own, not one that a feed gave: no guarded client is needed."""

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from onrecord.cli.errors import CommandFailed, NotRunning
from onrecord.cli.where import Where

TIMEOUT_S = 30.0
MAX_ANSWER_BYTES = 64 * 1024 * 1024  # an item with 50 revisions of 500 hops stays below 20 MB


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The API never redirects; following one would carry the token elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


def ask(where: Where, path: str, **query: str) -> dict[str, Any] | None:
    """The answer's JSON object, None for 404. Raises NotRunning, and CommandFailed with what the API says."""
    if urllib.parse.urlsplit(where.api).scheme not in ("http", "https"):
        raise CommandFailed(f"ONRECORD_API must be an http or https address, not {where.api}")
    url = where.api + path + ("?" + urllib.parse.urlencode(query) if query else "")
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {where.api_token}"} if where.api_token else {})
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=TIMEOUT_S) as answer:  # noqa: S310 - checked above
            return _object(answer.read(MAX_ANSWER_BYTES + 1), where)
    except urllib.error.HTTPError as refusal:
        with refusal:
            if refusal.code == 404:
                return None
            raise CommandFailed(_refused(refusal, where)) from refusal
    except (OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise NotRunning(f"no API answers at {where.api} ({reason}): start `onrecord run`, or set ONRECORD_API") from error


def _object(body: bytes, where: Where) -> dict[str, Any]:
    try:
        found = json.loads(body) if len(body) <= MAX_ANSWER_BYTES else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise CommandFailed(f"{where.api} is not the API of onrecord")
    return found


def _refused(refusal: urllib.error.HTTPError, where: Where) -> str:
    if refusal.code == 401:
        return f"{where.api} wants a token: set ONRECORD_API_TOKEN or ONRECORD_API_TOKEN_FILE"
    try:
        detail = str(json.loads(refusal.read(10_000))["detail"])
    except (ValueError, KeyError, TypeError, OSError):
        detail = str(refusal.reason)
    return f"{where.api} answers {refusal.code}: {detail}"
