"""Extraction quality and speed on saved pages with truth: `python tests/bench/extraction/score.py [--profile]`.

ONRECORD_SHARED names a folder with `news_world/` (pages and truth.jsonl) and `eval/score_extraction.py`.
"""

import argparse
import cProfile
import json
import os
import pstats
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import Any

from onrecord.extractor.predict import predict_page

BARS = {"text_f1": 94.0, "text_p": 94.0, "title": 90.0, "author": 78.0, "date": 90.0}
MIN_PAGES_PER_SECOND = 25.0
MAX_PAGE_SECONDS = 1.0


def measure(folder: Path) -> tuple[list[dict[str, Any]], list[float]]:
    """Predictions and CPU seconds, page by page; the first page is read twice, so that models load outside the clock."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        rows = [{key: row[key] for key in ("id", "file", "url")} for row in map(json.loads, lines)]
    bodies = [(folder / row["file"]).read_bytes() for row in rows]
    predict_page(rows[0], bodies[0])
    predictions, seconds = [], []
    for row, body in zip(rows, bodies, strict=True):
        start = process_time()
        predictions.append(predict_page(row, body))
        seconds.append(process_time() - start)
    return predictions, seconds


def score(shared: Path, predictions: list[dict[str, Any]]) -> dict[str, float]:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(prediction) + "\n" for prediction in predictions)
        file.flush()
        scorer = shared / "eval" / "score_extraction.py"
        command = [sys.executable, str(scorer), str(shared / "news_world"), file.name, "--json"]
        answer: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--profile", action="store_true", help="also print where the time goes")
    chosen = options.parse_args()
    shared = Path(os.environ.get("ONRECORD_SHARED", ""))
    if not os.environ.get("ONRECORD_SHARED") or not (shared / "news_world" / "truth.jsonl").is_file():
        print("not measured: ONRECORD_SHARED does not name a folder with news_world/truth.jsonl")
        return 0
    profile = cProfile.Profile()
    if chosen.profile:
        profile.enable()
    predictions, seconds = measure(shared / "news_world")
    profile.disable()
    figures = score(shared, predictions)
    figures |= {"pages_per_second": round(len(seconds) / sum(seconds), 1), "slowest_page_seconds": round(max(seconds), 3)}
    print(json.dumps(figures))
    if chosen.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(40)
    missed = [f"{name} {figures[name]:.1f} is below {bar}" for name, bar in BARS.items() if figures[name] < bar]
    if figures["pages_per_second"] < MIN_PAGES_PER_SECOND or figures["slowest_page_seconds"] > MAX_PAGE_SECONDS:
        missed.append("slower than the bar: a loaded machine, or a loss")
    print("\n".join(missed) or "all bars met")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
