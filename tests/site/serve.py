"""Keep the demo newspapers going: python tests/site/serve.py --port 8765 --seed 1 [--pace 1.0]."""

import argparse
import asyncio
import signal
import sys
from datetime import UTC, datetime

from newspapers import DEMO_PORT, Newspapers, Scale

STEP_S = 5.0  # at pace 1.0: often enough that a person sees news arrive, seldom enough to read it


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Serve the demo newspapers on 127.0.0.1 until stopped; prints `allow CIDR:port` and `feed URL` lines, then `serving`."
    )
    parser.add_argument("--port", type=int, default=DEMO_PORT, help="first of five consecutive ports; 0 takes free ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pace", type=float, default=1.0, help=f"steps per {STEP_S:g} seconds; 0 publishes nothing new")
    parser.add_argument(
        "--scale", type=int, nargs=2, metavar=("FEEDS", "ITEMS"), help="instead: this many feeds, with articles for all"
    )
    return parser.parse_args()


def newspapers(options: argparse.Namespace) -> Newspapers | Scale:
    def now() -> datetime:
        return datetime.now(UTC)

    if options.scale is None:
        return Newspapers(options.seed, now)
    n_feeds, n_items = options.scale
    return Scale(options.seed, n_feeds, n_items, now)


async def serve(options: argparse.Namespace) -> None:
    papers = newspapers(options)
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
            await asyncio.wait_for(stopped.wait(), step_s)
        except TimeoutError:
            papers.advance()
    await papers.stop()


if __name__ == "__main__":
    try:
        asyncio.run(serve(arguments()))
    except (OSError, ValueError) as error:
        sys.exit(f"cannot serve: {error}")
