"""Who said what in a news text, with the characters that prove it."""

from onrecord.statements.engine import SUPPORTED_LANGUAGES, Engine
from onrecord.statements.errors import ModelNotInstalled, StatementError
from onrecord.statements.extracted import (
    Confidence,
    Cue,
    CueClass,
    Extracted,
    Field,
    Flag,
    Kind,
    Named,
    Part,
    Polarity,
    Resolution,
    Span,
    Speaker,
    SpeakerType,
)

__all__ = [
    "SUPPORTED_LANGUAGES",
    "Confidence",
    "Cue",
    "CueClass",
    "Engine",
    "Extracted",
    "Field",
    "Flag",
    "Kind",
    "ModelNotInstalled",
    "Named",
    "Part",
    "Polarity",
    "Resolution",
    "Span",
    "Speaker",
    "SpeakerType",
    "StatementError",
]
