"""What the scraper needs beside the shared settings."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from onrecord.runtime.settings import Settings
from onrecord.web import Allowlist, UserAgent

PLACEHOLDER_CONTACT = "https://onrecord.org/contact-not-set"


def _allowlist(value: str) -> str:
    Allowlist.parse(value)
    return value


def _contact(value: str) -> str:
    return UserAgent("0", value).contact


class ScraperSettings(Settings):
    service: ClassVar[str] = "scraper"

    contact: Annotated[str, AfterValidator(_contact)] = Field(
        default=PLACEHOLDER_CONTACT, description="http(s) or mailto address where a site reaches you; sent with every request"
    )
    allow: Annotated[str, AfterValidator(_allowlist)] = Field(
        default="", description="private addresses that may be fetched: CIDR:port[,CIDR:port]; for tests and intranets"
    )
    fetch_limit_s: float = Field(default=60.0, gt=0, description="seconds that one page may take in all; a drip is cut off here")
    page_delay_s: float = Field(default=1.0, ge=0, description="seconds between the starts of two fetches of one host")
    host_wait_s: float = Field(default=30.0, gt=0, description="a page whose host is busy for longer is deferred to a retry tier")
    host_waiting: int = Field(default=32, ge=1, description="pages of one host that may wait; more are deferred")
