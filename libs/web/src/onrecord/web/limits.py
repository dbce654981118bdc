"""What one fetch may cost."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    connect_s: float = 10.0  # name lookup, TCP and TLS together
    headers_s: float = 30.0  # per hop, from the start of the connection to the last header
    total_s: float = 60.0  # the whole fetch with its redirects; a read timeout never ends a slow drip
    wire_bytes: int = 5 * MEBIBYTE  # as sent
    decoded_bytes: int = 10 * MEBIBYTE  # after decompression; far above any article or feed
    ratio: int = 100  # decoded to wire; deflate can reach 1,032:1, prose stays far below a tenth of that
    ratio_free_bytes: int = MEBIBYTE  # below this no ratio counts: small repetitive pages pass 100:1
    redirects: int = 5  # enough for scheme, host and path; a loop needs any number
    status_line_bytes: int = 8_190  # the HTTP library's default
    header_field_bytes: int = 128 * 1024  # an absurd ETag is cut, not refused; a 1 MB header is refused
    header_count: int = 1_100  # sites that set a thousand cookies exist; with the line above 140 MB at most

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative")
