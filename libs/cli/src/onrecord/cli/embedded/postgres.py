import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

from .errors import StartFailed
from .ports import LOOPBACK, keep_ports
from .postgres_files import Account, binaries, serving_account
from .probe import postgres_serves
from .server import Launch, Server, command_line

START_LIMIT_S = 60.0  # measured 0.2 s; a crash recovery replays at most the last five minutes
SETUP_LIMIT_S = 60.0  # initdb, measured 1 s
MAX_CONNECTIONS = 100  # five services with a pool of ten each, twice while one is replaced, and a person with a console
SHARED_BUFFERS_MB = 64  # a laptop's news fits; the rest is the system's file cache
PASSWORD_BYTES = 24  # 192 bits: nobody guesses it
ROLE = DATABASE = "onrecord"


class EmbeddedPostgres:
    """PostgreSQL 18 from its wheel, on loopback, with a password that only the folder's owner can read.

    Data outlives restarts and kills. Runs for an ordinary user as that user. Run as root, the server becomes an
    unprivileged account, which PostgreSQL demands.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder.absolute()
        self._wanted_port = port
        self._port = 0
        self._server = Server(self.folder, "postgres")
        self._account = Account()

    @property
    def dsn(self) -> str:
        """For asyncpg and every other client, once started."""
        return self.dsn_of(DATABASE)

    def dsn_of(self, database: str) -> str:
        return f"postgresql://{ROLE}:{self._password()}@{LOOPBACK}:{self._port}/{database}"

    @property
    def running(self) -> bool:
        return self._server.running

    @property
    def pid(self) -> int | None:
        return self._server.pid

    def start(self) -> str:
        """Blocks until the database asks clients for their password; returns the DSN."""
        self._server.claim(str(self._data))
        try:
            self._account = serving_account()
            if not (self._data / "PG_VERSION").exists():
                self._initialise()
            self._forget_foreign_pid()
            self._port = keep_ports(self.folder, {"database": self._wanted_port or self._port})["database"]
            self._server.launch(Launch(self._command(), marker=str(self._data), stop_signal=signal.SIGINT))
        except BaseException:
            self._server.stop()
            raise
        self._server.wait_ready(lambda: postgres_serves(LOOPBACK, self._port, ROLE, DATABASE), START_LIMIT_S)
        return self.dsn

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        self._server.stop()

    def kill(self) -> None:
        """SIGKILL, for fault tests; start() recovers from the write-ahead log."""
        self._server.kill()

    def create_database(self, name: str) -> str:
        """A new empty database's DSN, on the running server."""
        quoted = '"' + name.replace('"', '""') + '"'
        command = [str(binaries() / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", f"CREATE DATABASE {quoted}"]
        environment = {
            "PGHOST": LOOPBACK,
            "PGPORT": str(self._port),
            "PGUSER": ROLE,
            "PGPASSWORD": self._password(),
            "PGDATABASE": DATABASE,
        }
        self._run(command, environment=environment)
        return self.dsn_of(name)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _password(self) -> str:
        return (self.folder / "password").read_text(encoding="ascii")

    def _command(self) -> list[str]:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": self._port,
            "unix_socket_directories": "",  # their path is limited to 107 bytes, and one address is enough
            "max_connections": MAX_CONNECTIONS,
            "shared_buffers": f"{SHARED_BUFFERS_MB}MB",
            "password_encryption": "scram-sha-256",
        }
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [*self._account.prefix(signal.SIGINT), str(binaries() / "postgres"), "-D", str(self._data), *flags]

    def _initialise(self) -> None:
        """Beside its place and moved there when complete, so that an interrupted one is never taken for a database."""
        part = self.folder / "data.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        self._account.own(part)
        password = self.folder / "password"
        password.unlink(missing_ok=True)
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as sink:
            sink.write(secrets.token_urlsafe(PASSWORD_BYTES))
        prefix = self._account.prefix(signal.SIGKILL)
        # The built-in locale sorts and folds alike on every system, so an upgrade of the system breaks no index.
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--auth=scram-sha-256", f"--username={ROLE}", f"--pwfile={password}"]
        self._run([*prefix, str(binaries() / "initdb"), "-D", str(part), *locale, *access, "--no-instructions"])
        alone = [*prefix, str(binaries() / "postgres"), "--single", "-D", str(part), "postgres"]
        self._run(alone, given=f"CREATE DATABASE {DATABASE}\n")
        part.replace(self._data)

    def _run(self, command: list[str], given: str = "", environment: dict[str, str] | None = None) -> None:
        with self._server.log.open("a", encoding="utf-8") as log:
            done = subprocess.run(  # noqa: S603
                command, input=given, text=True, stdout=log, stderr=log, timeout=SETUP_LIMIT_S, check=False, env=environment
            )
        if done.returncode != 0:
            raise StartFailed(f"{command[-1]} failed; the end of {self._server.log}:\n{self._server.log_tail()}")

    def _forget_foreign_pid(self) -> None:
        """Drops a postmaster.pid whose number now belongs to another program, as happens in containers: PostgreSQL
        would refuse to start. One left by our own server stays: PostgreSQL itself judges it.
        """
        stale = self._data / "postmaster.pid"
        try:
            pid = int(stale.read_text(encoding="utf-8").split("\n", 1)[0])
        except (OSError, ValueError):
            return
        owner = command_line(pid)
        if owner and "postgres" not in owner:
            stale.unlink()
