"""Fetching from the open web: guarded, bounded, polite."""

from onrecord.web.address import AllowedNetwork, Allowlist, check_address
from onrecord.web.agent import UserAgent
from onrecord.web.body import decompress
from onrecord.web.canonical import canonical_url, host_port, same_registrable_domain
from onrecord.web.client import WebClient
from onrecord.web.errors import (
    BodyTooLarge,
    FetchFailed,
    HostBusy,
    PrivateNetworkRefused,
    RobotsDisallowed,
    UrlRefused,
    WebError,
)
from onrecord.web.headers import Link
from onrecord.web.limits import Limits
from onrecord.web.policy import UrlPolicy
from onrecord.web.politeness import ARTICLE_DELAY_S, FEED_DELAY_S, Politeness
from onrecord.web.response import Redirected, Response
from onrecord.web.robots import Robots
from onrecord.web.robots_rules import RobotsRules
from onrecord.web.url import WebAddress

__all__ = [
    "ARTICLE_DELAY_S",
    "FEED_DELAY_S",
    "AllowedNetwork",
    "Allowlist",
    "BodyTooLarge",
    "FetchFailed",
    "HostBusy",
    "Limits",
    "Link",
    "Politeness",
    "PrivateNetworkRefused",
    "Redirected",
    "Response",
    "Robots",
    "RobotsDisallowed",
    "RobotsRules",
    "UrlPolicy",
    "UrlRefused",
    "UserAgent",
    "WebAddress",
    "WebClient",
    "WebError",
    "canonical_url",
    "check_address",
    "decompress",
    "host_port",
    "same_registrable_domain",
]
