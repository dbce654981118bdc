"""Writes dashboards/*.json from the three pages beside this file. `--check` fails on drift."""

import json
import sys
from pathlib import Path

import feeds
import overview
import service

FOLDER = Path(__file__).parent / "dashboards"
DASHBOARDS = {"overview": overview.DASHBOARD, "service": service.DASHBOARD, "feeds": feeds.DASHBOARD}


def pages() -> dict[Path, str]:
    return {
        FOLDER / f"{name}.json": json.dumps(board.as_json(), indent=1, ensure_ascii=False) + "\n"
        for name, board in DASHBOARDS.items()
    }


def main(arguments: list[str]) -> int:
    wanted = pages()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    stale += sorted(set(FOLDER.glob("*.json")) - set(wanted))
    if "--check" in arguments:
        for path in stale:
            print(f"{path.name} differs from its page: run {Path(__file__).name}", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for path in set(stale) - set(wanted):
        path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
