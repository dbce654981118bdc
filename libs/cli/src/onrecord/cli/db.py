"""`onrecord db`: the schemas of feed and store, brought up to date and compared."""

import argparse

from onrecord.cli import where
from onrecord.cli.terminal import say

SCHEMAS: tuple[where.Schema, ...] = ("feed", "store")
DRIFT = 1  # exit code


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("db", help="bring the databases up to date, or tell whether they are")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    migrate = actions.add_parser("migrate", help="apply the migrations that are new")
    check = actions.add_parser("check", help="tell each schema's version; exit code 1 when one is not this release's")
    for action, work in ((migrate, _migrate), (check, _check)):
        where.add_data_option(action)
        action.set_defaults(run=run, work=work)


def run(args: argparse.Namespace) -> int:
    import asyncio

    from onrecord.cli.database import readable

    place = where.find(args.data)
    databases = [(schema, place.database(schema)) for schema in SCHEMAS]
    code = 0
    for schema, dsn in databases:
        with readable(schema):
            line, differs = asyncio.run(args.work(schema, dsn))
        say(line)
        code = DRIFT if differs else code
    return code


async def _migrate(schema: where.Schema, dsn: str) -> tuple[str, bool]:
    from onrecord.runtime.database import migrate

    return f"{schema} is at {await migrate(dsn, schema, f'onrecord.{schema}')}", False


async def _check(schema: where.Schema, dsn: str) -> tuple[str, bool]:
    """What to say, and whether the schema differs from this release's."""
    from onrecord.runtime.database import migrations

    known = migrations(f"onrecord.{schema}")
    newest = known[-1][0] if known else 0
    version = await _version(schema, dsn)
    if version == newest:
        return f"{schema} is at {version}", False
    return f"{schema} is {'not there' if version is None else f'at {version}'}, this release wants {newest}", True


async def _version(schema: where.Schema, dsn: str) -> int | None:
    import asyncpg

    connection = await asyncpg.connect(dsn)
    try:
        if await connection.fetchval("SELECT to_regclass($1)", f"{schema}.migrations") is None:
            return None
        version: int = await connection.fetchval(f"SELECT coalesce(max(number), 0) FROM {schema}.migrations")  # noqa: S608
        return version
    finally:
        await connection.close()
