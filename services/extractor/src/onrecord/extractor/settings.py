"""What the extractor needs beside the shared settings."""

from typing import ClassVar, Literal

from pydantic import Field

from onrecord.runtime.settings import Settings


class ExtractorSettings(Settings):
    service: ClassVar[str] = "extractor"

    engine: Literal["rules", "model"] = Field(
        default="rules", description="statement engine: rules, or model where its weights are installed"
    )
    parse_workers: int = Field(default=1, ge=1, description="processes that read pages")
    engine_workers: int = Field(default=1, ge=1, description="processes that run the statement engine")
