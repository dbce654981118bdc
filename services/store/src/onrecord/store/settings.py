"""What the store needs beside the shared settings."""

from typing import ClassVar, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from onrecord.runtime.settings import Settings
from onrecord.store.api.access import ExposedWithoutToken, Token, check_exposure, parse_tokens
from onrecord.store.api.trace_links import check_trace_url


class StoreSettings(Settings):
    service: ClassVar[str] = "store"

    database: SecretStr = Field(description="PostgreSQL DSN; sslmode and sslrootcert as parameters")
    tokens: SecretStr = Field(
        default=SecretStr(""), description="API tokens, name:sha256-hex[,…]; needed on any address but loopback"
    )
    requests_per_s: float = Field(default=10.0, gt=0, description="API requests a second, per token or address")
    burst: int = Field(default=100, ge=1, description="API requests at once, per token or address")
    max_page_size: int = Field(default=200, ge=1, description="rows of one API answer at most")

    trace_url: str | None = Field(
        default=None, description="where a trace is looked at, e.g. http://127.0.0.1:16686/trace/{trace_id}"
    )

    @field_validator("trace_url")
    @classmethod
    def _leads_to_a_trace(cls, value: str | None) -> str | None:
        return value if value is None else check_trace_url(value)

    @field_validator("tokens")
    @classmethod
    def _well_formed(cls, value: SecretStr) -> SecretStr:
        parse_tokens(value.get_secret_value())
        return value

    @model_validator(mode="after")
    def _not_exposed(self) -> Self:
        try:
            check_exposure(self.http_host, self.api_tokens)
        except ExposedWithoutToken as error:
            raise ValueError(f"ONRECORD_STORE_TOKENS: {error}") from error
        return self

    @property
    def api_tokens(self) -> tuple[Token, ...]:
        return parse_tokens(self.tokens.get_secret_value())
