"""`onrecord`: one command line. A command's own imports happen when it runs, so that help is instant."""

import argparse
import io
import os
import sys
from collections.abc import Sequence

from onrecord.cli import db, extract, feeds, predict, predict_pages, status, tail, topics, why
from onrecord.cli.errors import CommandFailed
from onrecord.cli.terminal import complain

INTERRUPTED = 130  # what shells give for SIGINT
PIPE_CLOSED = 141  # what shells give for SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    asked = sys.argv[1:] if argv is None else list(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A lone surrogate or a narrow terminal must not end a stream of events.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = parser(asked).parse_args(asked)
    try:
        code = int(args.run(args))
        sys.stdout.flush()
    except CommandFailed as error:
        complain(f"onrecord: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The interpreter flushes once more at its end, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return code


def parser(asked: Sequence[str]) -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="onrecord", description="who said what: statements from news feeds, as events")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    if asked[:1] == ["run"]:
        from onrecord.cli import run

        run.register(commands)
    else:
        commands.add_parser("run", help="start everything on this machine and show statements arriving")
    for command in (tail, status, why, feeds, extract, predict, predict_pages, topics, db):
        command.register(commands)
    return top


if __name__ == "__main__":
    sys.exit(main())
