"""Quality and speed of the statement engine against gold statements that are not part of the project.

    ONRECORD_SHARED=/path python tests/bench/statements/score.py [--speed]

The folder named by ONRECORD_SHARED holds `eval/` with the gold files and their scorers. Without it the script ends with 2.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.statements import Engine
from onrecord.statements.predict import Units, predict_document

SPEED_DOC_CHARS = 4_600  # the average article of the gold news, the unit of the speed bar


@dataclass(frozen=True, slots=True)
class Measure:
    """One gold file, the units its annotators counted in, and the scorer with its arguments."""

    name: str
    gold: str
    units: Units
    scorer: str
    arguments: tuple[str, ...]


MEASURES = (
    Measure("seed article", "seed/statements.jsonl", "guide", "score_speakers.py", ("--required", "--errors", "--min-f1", "90")),
    Measure("political news, speech", "gold/polnear_dev.jsonl", "polnear", "score_statements.py", ("--speech",)),
    Measure("resolved speakers", "speakers_dev.jsonl", "guide", "score_speakers.py", ("--min-e2e", "50")),
)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(folder: Path, measure: Measure, engine: Engine) -> int:
    gold = folder / measure.gold
    with tempfile.TemporaryDirectory() as scratch:
        predictions = Path(scratch) / "predictions.jsonl"
        rows = [predict_document(engine, doc, units=measure.units) for doc in read(gold)]
        predictions.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        command = [sys.executable, str(folder / measure.scorer), str(gold), str(predictions), *measure.arguments]
        print(f"== {measure.name}", flush=True)
        return subprocess.run(command, check=False).returncode


def speed(folder: Path, engine: Engine) -> None:
    docs = read(folder / "gold/polnear_dev.jsonl")
    chars = sum(len(doc["text"]) for doc in docs)
    before = time.process_time()
    for doc in docs:
        engine.extract(doc["text"], language="en")
    spent = time.process_time() - before
    print(f"== speed\n{chars / SPEED_DOC_CHARS / spent:.0f} documents of {SPEED_DOC_CHARS} characters per CPU second")


def main() -> int:
    parser = argparse.ArgumentParser(description="score the statement engine")
    parser.add_argument("--speed", action="store_true", help="measure documents per CPU second too")
    options = parser.parse_args()
    folder = Path(os.environ.get("ONRECORD_SHARED", "")) / "eval"
    if "ONRECORD_SHARED" not in os.environ or not folder.is_dir():
        print(
            "ONRECORD_SHARED names no folder with eval/ in it: the gold statements are not part of this project", file=sys.stderr
        )
        return 2
    engine = Engine()
    worst = max(score(folder, measure, engine) for measure in MEASURES)
    if options.speed:
        speed(folder, engine)
    return worst


if __name__ == "__main__":
    sys.exit(main())
