"""Keep the demo newspapers going: python tests/site/serve.py --port 8765 --seed 1 [--pace 1.0] [--diary FILE]."""

import argparse
import asyncio
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from newspapers import DEMO_PORT, Newspapers, Scale

STEP_S = 5.0  # at pace 1.0: often enough that a person sees news arrive, seldom enough to read it


class Diary:
    """When the newspapers opened and when each step was: a line each, so that the next start goes on with the same story."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        lines = file.read_text(encoding="ascii").split() if file and file.exists() else []
        self.past = [datetime.fromisoformat(line) for line in lines]
        self._replayed: datetime | None = None

    def clock(self) -> datetime:
        return self._replayed or datetime.now(UTC)

    async def open(self, papers: Newspapers, port: int) -> None:
        """Listens, with every past step taken at its own time."""
        self._replayed = self.past[0] if self.past else datetime.now(UTC)
        if not self.past:
            self._note(self._replayed)
        await papers.start(port)
        for moment in self.past[1:]:
            self._replayed = moment
            papers.advance()
        self._replayed = None

    def step(self, papers: Newspapers) -> None:
        self._note(datetime.now(UTC))
        papers.advance()

    def _note(self, moment: datetime) -> None:
        if self._file:
            with self._file.open("a", encoding="ascii") as diary:
                diary.write(f"{moment.isoformat()}\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Serve the demo newspapers on 127.0.0.1 until stopped; prints `allow …` and `feed …` lines, then `serving`."
    )
    parser.add_argument("--port", type=int, default=DEMO_PORT, help="first of five consecutive ports; 0 takes free ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pace", type=float, default=1.0, help=f"steps per {STEP_S:g} seconds; 0 publishes nothing new")
    parser.add_argument("--diary", type=Path, help="remember the story here, and go on with it at the next start")
    parser.add_argument(
        "--scale", type=int, nargs=2, metavar=("FEEDS", "ITEMS"), help="instead: this many feeds, with articles for all"
    )
    return parser.parse_args()


async def serve(options: argparse.Namespace) -> None:
    diary = Diary(options.diary)
    papers = Scale(options.seed, *options.scale, diary.clock) if options.scale else Newspapers(options.seed, diary.clock)
    if isinstance(papers, Newspapers):
        await diary.open(papers, options.port)
    else:
        await papers.start(options.port)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    for entry in papers.allowed:
        print(f"allow {entry}")
    for feed in papers.feeds():
        print(f"feed {feed.url}")
    print("serving", flush=True)
    step_s = STEP_S / options.pace if isinstance(papers, Newspapers) and options.pace > 0 else None
    while not stopped.is_set():
        try:
            async with asyncio.timeout(step_s):
                await stopped.wait()
        except TimeoutError:
            if isinstance(papers, Newspapers):
                diary.step(papers)
    await papers.stop()


if __name__ == "__main__":
    try:
        asyncio.run(serve(arguments()))
    except (OSError, ValueError) as error:
        sys.exit(f"cannot serve: {error}")
