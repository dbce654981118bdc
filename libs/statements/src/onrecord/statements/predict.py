"""Documents in, predictions out, in the form the quality measures read: the pure part of `onrecord predict`.

As a command: `python -m onrecord.statements.predict [--units guide|polnear] [--thoughts] < documents > predictions`.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any, Literal

from onrecord.statements.engine import Engine
from onrecord.statements.extracted import Extracted

Units = Literal["guide", "polnear"]


def predict_document(engine: Engine, doc: Mapping[str, Any], *, units: Units = "guide", thoughts: bool = False) -> dict[str, Any]:
    """`doc` is {"doc_id", "text", "title"?}; statements of the title are left out, offsets index `text`.

    `units="polnear"` makes a floating statement one with the framed one that it continues.
    """
    found = engine.extract(doc["text"], language=doc.get("language", "en"), title=doc.get("title"), include_thoughts=thoughts)
    contents = [[[part.span.start, part.span.end] for part in statement.content] for statement in found]
    kept = [statement.field == "text" for statement in found]
    if units == "polnear":
        for index, statement in enumerate(found):
            if statement.continues is not None:
                contents[statement.continues] += contents[index]
                kept[index] = False
    rows = [_row(statement, sorted(content)) for statement, content, keep in zip(found, contents, kept, strict=True) if keep]
    return {"doc_id": doc["doc_id"], "statements": rows}


def _row(statement: Extracted, content: list[list[int]]) -> dict[str, Any]:
    cue, source, speaker, sure = statement.cue, statement.source, statement.speaker, statement.confidence
    return {
        "content": content,
        "cue": [[cue.span.start, cue.span.end]] if cue else None,
        "source": [[source.start, source.end]] if source else None,
        "kind": statement.kind,
        "speaker_name": speaker.name,
        "speaker_type": speaker.type,
        "speaker_role": speaker.role,
        "resolution": speaker.resolution,
        "confidence": {"span": sure.span, "speaker": sure.speaker, "kind": sure.kind},
        "rule": statement.rule,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="statements of documents, one JSON object a line")
    parser.add_argument("--units", choices=("guide", "polnear"), default="guide")
    parser.add_argument("--thoughts", action="store_true")
    options = parser.parse_args()
    engine = Engine()
    for line in sys.stdin:
        if line.strip():
            row = predict_document(engine, json.loads(line), units=options.units, thoughts=options.thoughts)
            print(json.dumps(row, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
