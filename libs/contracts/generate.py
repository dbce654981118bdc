"""Writes the schemas, topic pages, AsyncAPI document and event docs from the models; `--check` only compares.

Run from anywhere: `python libs/contracts/generate.py [--check]`. Exit 1 names each drifted file.
A schema file that exists is released and never rewritten: raise SCHEMA_VERSION (or delete a file that was never merged).
"""

import argparse
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from generator.asyncapi import asyncapi_files
from generator.event_docs import docs_files
from generator.evolution import breaks_between_files
from generator.json_schemas import SCHEMA_FOLDER, schema_files
from generator.records import example_records
from generator.topic_pages import TOPIC_FOLDER, topic_files

ROOT = Path(__file__).resolve().parents[2]


def generated(root: Path) -> dict[Path, str]:
    """Every generated file but the schemas, by its path below the repository's root."""
    examples = example_records(root, "good")
    return {**topic_files(examples), **asyncapi_files(examples, version("onrecord-contracts")), **docs_files()}


def drift(root: Path) -> Iterator[str]:
    """One line per file that is not what the models say."""
    expected = {**schema_files(), **generated(root)}
    for path, text in expected.items():
        if not (root / path).exists():
            yield f"{path}: missing"
        elif (root / path).read_text("utf-8") != text:
            yield f"{path}: differs"
    for path in sorted((root / TOPIC_FOLDER).glob("*.yaml")):
        if path.relative_to(root) not in expected:
            yield f"{path.relative_to(root)}: no such topic"
    yield from (f"{SCHEMA_FOLDER}/{found}" for found in breaks_between_files(root / SCHEMA_FOLDER))


def write(root: Path) -> list[str]:
    """Returns the released schemas that the models no longer match; they are left as they are."""
    refused = []
    for path, text in schema_files().items():
        if (root / path).exists():
            if (root / path).read_text("utf-8") != text:
                refused.append(f"{path}: released, and the models differ; raise SCHEMA_VERSION")
            continue
        _put(root / path, text)
    for path, text in generated(root).items():
        _put(root / path, text)
    return refused


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(description="Generate what is published about the events.")
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on drift")
    options = parser.parse_args(arguments)
    problems = list(drift(root)) if options.check else write(root)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
