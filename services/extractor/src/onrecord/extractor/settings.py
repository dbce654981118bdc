"""What the extractor needs beside the shared settings."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from onrecord.runtime.settings import Settings
from onrecord.statements import Engine, ModelNotInstalled


def _installed(kind: Literal["rules", "model"]) -> Literal["rules", "model"]:
    try:
        Engine(kind=kind)
    except ModelNotInstalled as error:
        raise ValueError(str(error)) from error
    return kind


class ExtractorSettings(Settings):
    service: ClassVar[str] = "extractor"

    in_flight: int = Field(default=50, ge=1, description="records in flight per partition; a page may take 2 MiB")
    engine: Annotated[Literal["rules", "model"], AfterValidator(_installed)] = Field(
        default="rules", description="statement engine: rules, or model where its weights are installed"
    )
    parse_workers: int = Field(default=1, ge=1, description="processes that read pages")
    engine_workers: int = Field(default=1, ge=1, description="processes that run the statement engine")
