"""Makes the secrets of docker-compose.yml, once: random, one file each, never shown.

    python3 deploy/tools/make_secrets.py [FOLDER]

Needs Python alone. A file that is there stays as it is, so that a second run loses nothing. The folder is closed to
others; the files in it are readable, since a container's user, which is not you, reads them through a bind mount.
"""

import argparse
import hashlib
import secrets
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "compose" / "secrets"
SECRET_BYTES = 24  # 192 bits; hex, so that it needs no quoting in a DSN
FOLDER_MODE = 0o700
FILE_MODE = 0o444
DATABASE = "postgres:5432/onrecord"


def random_hex() -> str:
    return secrets.token_hex(SECRET_BYTES)


def dsn(role: str, database: str) -> str:
    return f"postgresql://onrecord_{role}:{random_hex()}@{database}"


def write(path: Path, value: str) -> bool:
    """Whether it was written; False when the file was there."""
    if path.exists():
        return False
    unfinished = path.with_name(f".{path.name}")
    unfinished.unlink(missing_ok=True)  # of a run that was cut short
    unfinished.write_text(value + "\n", encoding="utf-8")
    unfinished.chmod(FILE_MODE)
    unfinished.rename(path)
    return True


def make(folder: Path, database: str = DATABASE) -> list[str]:
    """Names of the files that were written. `database`: host:port/name, with parameters where it needs them."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(FOLDER_MODE)
    made = [name for name in ("database_admin_password", "grafana_password") if write(folder / name, random_hex())]
    for role in ("migrate", "feed", "store"):
        if write(folder / f"{role}_database", dsn(role, database)):
            made.append(f"{role}_database")
    if write(folder / "api_token", random_hex()):
        made.append("api_token")
    token = (folder / "api_token").read_text(encoding="utf-8").strip()
    if write(folder / "api_tokens", f"operator:{hashlib.sha256(token.encode()).hexdigest()}"):
        made.append("api_tokens")
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--database", default=DATABASE, metavar="HOST:PORT/NAME", help=f"{DATABASE} unless told")
    args = parser.parse_args()
    folder, made = args.folder, make(args.folder, args.database)
    print(f"made {', '.join(made)} in {folder}" if made else f"all secrets are in {folder} already")
    return 0


if __name__ == "__main__":
    sys.exit(main())
