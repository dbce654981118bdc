"""What a reader may raise.

ContractError
├── Undecodable            the record can not become an event; `reason` is the dead letter's word
│   ├── NotAnEvent         no `ce_type` and nothing in the body that names one
│   ├── UnknownEventType   a `ce_type` outside the catalogue
│   ├── MessageVersion     a major version newer than this reader
│   └── MalformedEvent     the body breaks its schema
└── SelectorLawBroken      `field[start:end] != exact`
"""


class ContractError(Exception):
    reason = "contract"


class Undecodable(ContractError):
    reason = "undecodable"


class NotAnEvent(Undecodable):
    reason = "not_an_event"


class UnknownEventType(Undecodable):
    reason = "unknown_event_type"


class MessageVersion(Undecodable):
    reason = "message_version"


class MalformedEvent(Undecodable):
    reason = "malformed_event"


class SelectorLawBroken(ContractError):
    reason = "selector_law"
