"""From an answer on the wire to a `Response`."""

import hashlib
from datetime import datetime

import aiohttp
from multidict import CIMultiDictProxy

from onrecord.contracts.item import Validators
from onrecord.web import headers
from onrecord.web.body import BodyBuffer, coding_of
from onrecord.web.errors import BodyTooLarge, FetchFailed
from onrecord.web.limits import Limits
from onrecord.web.response import Response

# What publishers say about rights, and what a subscriber may want beside the body.
KEPT_HEADERS = ("x-robots-tag", "tdm-reservation", "tdm-policy", "content-language")
MAX_KEPT_HEADER_CHARS = 1_024  # they travel with every page


def request_headers(accept: str, validators: Validators | None) -> dict[str, str]:
    sent = {"Accept": accept}
    if validators and (etag := headers.validator(validators.etag)):
        sent["If-None-Match"] = etag
    if validators and (last_modified := headers.validator(validators.last_modified)):
        sent["If-Modified-Since"] = last_modified
    return sent


async def read_body(response: aiohttp.ClientResponse, limits: Limits, *, truncate: bool) -> tuple[bytes, bool]:
    """The decoded body, and whether it was cut."""
    buffer = BodyBuffer(coding_of(response.headers.getall("Content-Encoding", [])), limits, truncate=truncate)
    announced = response.content_length
    if announced is not None and announced > limits.wire_bytes and not truncate:
        raise BodyTooLarge(f"announces {announced} bytes")
    async for chunk in response.content.iter_any():
        buffer.feed(chunk)
        if buffer.truncated:
            break
    if announced is not None and buffer.wire_bytes < announced and not buffer.truncated:
        raise FetchFailed("body_truncated", f"{buffer.wire_bytes} of {announced} bytes")
    return buffer.finish(), buffer.truncated


def response_of(
    answer: aiohttp.ClientResponse,
    body: tuple[bytes, bool] | None,
    *,
    url_requested: str,
    url_final: str,
    redirects: int,
    permanent: bool,
    now: datetime,
) -> Response:
    received = answer.headers
    content_type, charset = headers.media_type(received.get("Content-Type"))
    return Response(
        url_requested=url_requested,
        url_final=url_final,
        redirects=redirects,
        permanent=permanent,
        status=answer.status,
        fetched_at=now,
        content_type=content_type,
        charset=charset,
        etag=headers.validator(received.get("ETag")),
        last_modified=headers.validator(received.get("Last-Modified")),
        retry_after_s=headers.retry_after_s(received.get("Retry-After"), now),
        max_age_s=headers.max_age_s(received.get("Cache-Control")),
        expires=headers.http_date(received.get("Expires")),
        links=headers.links(received.getall("Link", [])),
        headers=_kept(received),
        body=body[0] if body else b"",
        body_sha256=hashlib.sha256(body[0]).hexdigest() if body else None,
        truncated=bool(body and body[1]),
    )


def _kept(received: CIMultiDictProxy[str]) -> dict[str, str]:
    found = {name: ", ".join(received.getall(name, [])) for name in KEPT_HEADERS}
    return {name: value[:MAX_KEPT_HEADER_CHARS] for name, value in found.items() if value}
