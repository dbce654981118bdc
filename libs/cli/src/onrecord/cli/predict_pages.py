"""`onrecord predict-pages`: a folder of saved pages, their articles on stdout, for measuring the extraction."""

import argparse
import json
from pathlib import Path
from typing import Any

from onrecord.cli.errors import CommandFailed
from onrecord.cli.terminal import complain, json_line, say

INDEX = "truth.jsonl"
READ = ("id", "file", "url")  # the truth itself is never looked at
BAD_ROWS = 2  # exit code


class BadRow(ValueError):
    """A row that names no page."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("predict-pages", help="articles of a folder of saved pages, one JSON line a page")
    parser.add_argument("folder", type=Path, metavar="DIR", help=f"with {INDEX}: id, file and url of every page")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from onrecord.extractor.predict import predict_page

    try:
        index = (args.folder / INDEX).open("rb")
    except OSError as error:
        raise CommandFailed(f"{args.folder / INDEX} can not be read: {error.strerror}") from error
    bad = 0
    with index:
        for number, line in enumerate(index, start=1):
            if not line.strip():
                continue
            try:
                row = page_row(line)
                prediction = predict_page(row, (args.folder / row["file"]).read_bytes())
            except (BadRow, OSError) as error:
                complain(f"line {number}: {error}")
                bad += 1
            except Exception as error:
                # One page that breaks the extraction must not cost the answers to all that follow.
                complain(f"line {number}: the extraction failed: {type(error).__name__}: {error}")
                bad += 1
            else:
                say(json_line(prediction))
    return BAD_ROWS if bad else 0


def page_row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRow(f"not JSON: {error}") from error
    if not isinstance(row, dict) or "id" not in row or not all(isinstance(row.get(name), str) for name in ("file", "url")):
        raise BadRow(f"not an object with {', '.join(READ)}")
    return {name: row[name] for name in READ}
