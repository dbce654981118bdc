"""Where a trace can be looked at."""

from urllib.parse import urlsplit

PLACE = "{trace_id}"


class BadTraceUrl(ValueError):
    """Not a web address with `{trace_id}` in it."""


def check_trace_url(template: str) -> str:
    """`template` as it is; raises BadTraceUrl unless it is http or https, without user name, and has its place for the id."""
    try:
        parts = urlsplit(template)
    except ValueError as error:
        raise BadTraceUrl("not an address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadTraceUrl("an address that begins with http:// or https:// is needed")
    if "@" in parts.netloc or PLACE in parts.netloc:
        raise BadTraceUrl("neither a user name nor the trace belongs into the host")
    if template.count(PLACE) != 1:
        raise BadTraceUrl(f"{PLACE} must stand in it once")
    return template
