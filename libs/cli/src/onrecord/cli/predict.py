"""`onrecord predict`: documents on stdin, their statements on stdout, for measuring the engine."""

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any, BinaryIO

from onrecord.cli.terminal import complain, json_line, say

BAD_LINES = 2  # exit code


class BadLine(ValueError):
    """A line that is not a document."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("predict", help="statements of documents: JSON lines in, JSON lines out, in order")
    parser.add_argument("--units", choices=("guide", "polnear"), default="guide", help="what counts as one statement")
    parser.add_argument("--thoughts", action="store_true", help="also what people are said to believe or hope")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    return predict_lines(sys.stdin.buffer, units=args.units, thoughts=args.thoughts)


def predict_lines(lines: BinaryIO | Iterable[bytes], *, units: Any, thoughts: bool) -> int:
    """Prints one prediction a document as it is read; a bad line is named on stderr and the rest goes on."""
    from onrecord.statements import Engine
    from onrecord.statements.predict import predict_document

    engine, bad = Engine(), 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            prediction = predict_document(engine, document(line), units=units, thoughts=thoughts)
        except BadLine as error:
            complain(f"line {number}: {error}")
            bad += 1
        except Exception as error:
            # One text that the engine breaks on must not cost the answers to all that follow.
            complain(f"line {number}: the engine failed: {type(error).__name__}: {error}")
            bad += 1
        else:
            say(json_line(prediction))
    return BAD_LINES if bad else 0


def document(line: bytes) -> dict[str, Any]:
    """{"doc_id", "text", "title"?, "language"?}; raises BadLine."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise BadLine("not a JSON object")
    if "doc_id" not in found:
        raise BadLine("no doc_id")
    if not isinstance(found.get("text"), str):
        raise BadLine("text is missing or not a string")
    for name in ("title", "language"):
        if not isinstance(found.get(name), str | None):
            raise BadLine(f"{name} is not a string")
    return {name: value for name, value in found.items() if value is not None}
