"""What feed needs beside the shared settings."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, SecretStr

from onrecord.runtime.settings import Settings
from onrecord.web import Allowlist, UserAgent

PLACEHOLDER_CONTACT = "https://onrecord.org/contact-not-set"


def _allowlist(value: str) -> str:
    Allowlist.parse(value)
    return value


def _contact(value: str) -> str:
    return UserAgent("0", value).contact


class FeedSettings(Settings):
    service: ClassVar[str] = "feed"

    database: SecretStr = Field(description="PostgreSQL DSN; sslmode and sslrootcert as parameters")
    contact: Annotated[str, AfterValidator(_contact)] = Field(
        default=PLACEHOLDER_CONTACT, description="http(s) or mailto address where a site reaches you; sent with every request"
    )
    allow: Annotated[str, AfterValidator(_allowlist)] = Field(
        default="", description="private addresses that may be polled: CIDR:port[,CIDR:port]; for tests and intranets"
    )
    pollers: int = Field(default=8, ge=1, description="feeds polled at once")
    parse_workers: int = Field(default=1, ge=1, description="processes that parse feeds")
    lease_s: float = Field(
        default=180.0, gt=0, description="a poll that takes longer than this loses its feed to another replica"
    )
    host_delay_s: float = Field(default=5.0, ge=0, description="seconds between the starts of two polls of one host")
    first_poll_items: int = Field(
        default=20, ge=0, description="items of a new feed that are published at once, or those of two days"
    )
    reconcile_after_s: float = Field(default=600.0, gt=0, description="an item without outcome for this long is looked for")
    reconcile_every_s: float = Field(default=15.0, gt=0, description="seconds between two looks at overdue items")
