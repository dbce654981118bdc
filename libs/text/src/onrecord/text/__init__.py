"""Text from outside, made safe at the entry."""

from onrecord.text.clean import MARK_RUN_MAX_CHARS, Cleaned, clean_line, clean_text
from onrecord.text.labels import CODEC_BY_LABEL

__all__ = ["CODEC_BY_LABEL", "MARK_RUN_MAX_CHARS", "Cleaned", "clean_line", "clean_text"]
