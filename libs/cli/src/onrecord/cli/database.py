"""A database for a moment, and one line when it is not there or not ready."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from onrecord.cli.errors import CommandFailed, NotRunning
from onrecord.runtime.database import OUTAGES, SchemaTooNew

UNUSABLE: tuple[type[Exception], ...] = (*OUTAGES, asyncpg.PostgresError)


@contextmanager
def readable(schema: str) -> Iterator[None]:
    """Turns what a database may raise into a command's failure. A DSN is never shown: it holds a password."""
    try:
        yield
    except ValueError as error:
        raise CommandFailed(f"ONRECORD_{schema.upper()}_DATABASE is not a PostgreSQL DSN") from error
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError) as error:
        raise CommandFailed(f"the {schema} database has no such table: run `onrecord db migrate`") from error
    except SchemaTooNew as error:
        raise CommandFailed(str(error)) from error
    except UNUSABLE as error:
        raise NotRunning(f"the {schema} database can not be used ({type(error).__name__})") from error
