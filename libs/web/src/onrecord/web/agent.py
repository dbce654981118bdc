"""Who we say we are, to every site."""

import re
from dataclasses import dataclass

_CONTACT = re.compile(r"(?:https?://|mailto:)[\x21-\x27\x2a-\x7e]+")  # visible ASCII without parentheses
_VERSION = re.compile(r"[0-9A-Za-z.+-]+")


@dataclass(frozen=True, slots=True)
class UserAgent:
    """`onrecord/<version> (+<contact>)`; `contact` is an http(s) or mailto address where a site reaches the operator."""

    version: str
    contact: str
    product: str = "onrecord"  # the name that groups in robots.txt address

    def __post_init__(self) -> None:
        if not _VERSION.fullmatch(self.version):
            raise ValueError(f"version {self.version!r}")
        if not _CONTACT.fullmatch(self.contact):
            raise ValueError("contact must be an http(s) or mailto address")

    def __str__(self) -> str:
        return f"{self.product}/{self.version} (+{self.contact})"
