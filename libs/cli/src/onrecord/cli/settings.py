"""The only reader of the command line's environment, beside the settings that it shares with the services."""

import os
from collections.abc import Mapping
from pathlib import Path

from onrecord.cli.errors import CommandFailed

PREFIX = "ONRECORD_"


def given(name: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """`ONRECORD_<name>`, or what the file that `ONRECORD_<name>_FILE` names holds; None when neither is set."""
    variable = PREFIX + name
    if value := environ.get(variable, "").strip():
        return value
    path = environ.get(f"{variable}_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{variable}_FILE names a file that can not be read") from error
