"""Makes what deploy/compose/tls.yml needs, once: an authority, certificates for kafka and postgres, the broker's users.

    python3 deploy/tools/make_tls.py [FOLDER]

Needs openssl, and the secrets of make_secrets.py. Certificates end after a year: remove tls_* and run it again.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from make_secrets import FILE_MODE, FOLDER, random_hex, write

DAYS = 365  # a rotation a year is one that is still remembered
CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
USER = "onrecord"
ROLES = ("migrate", "feed", "store")
CA_IN_CONTAINER = "/run/secrets/tls_ca"


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)  # noqa: S603, S607


def make_authority(folder: Path) -> None:
    subject = ["-subj", "/CN=onrecord deployment authority"]
    extensions = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
    files = ["-keyout", str(folder / "tls_ca_key"), "-out", str(folder / "tls_ca")]
    openssl("req", "-x509", *CURVE, "-days", str(DAYS), *subject, *extensions, *files)
    (folder / "tls_ca_key").chmod(0o400)  # no container is given it


def make_certificate(folder: Path, name: str) -> None:
    """`tls_<name>_key` and `tls_<name>_certificate`, for that host name and for this machine's own."""
    key, certificate = str(folder / f"tls_{name}_key"), str(folder / f"tls_{name}_certificate")
    authority = ["-CA", str(folder / "tls_ca"), "-CAkey", str(folder / "tls_ca_key")]
    names = ["-addext", f"subjectAltName=DNS:{name},DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"]
    openssl(
        "req",
        "-x509",
        *CURVE,
        "-days",
        str(DAYS),
        "-subj",
        f"/CN={name}",
        *authority,
        *names,
        "-keyout",
        key,
        "-out",
        certificate,
    )
    for path in (key, certificate):
        Path(path).chmod(FILE_MODE)


def broker_properties(password: str) -> str:
    """A file and not the environment: it holds the password."""
    module = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    login = f'{module} username="{USER}" password="{password}" user_{USER}="{password}";'
    lines = ["sasl.enabled.mechanisms=PLAIN", "sasl.mechanism.inter.broker.protocol=PLAIN"]
    lines += [f"listener.name.{listener}.plain.sasl.jaas.config={login}" for listener in ("inside", "host")]
    return "\n".join(lines)


def over_tls(dsn: str) -> str:
    return f"{dsn}{'&' if '?' in dsn else '?'}sslmode=verify-full&sslrootcert={CA_IN_CONTAINER}"


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def make(folder: Path) -> None:
    if not (folder / "tls_ca").exists():
        make_authority(folder)
        for name in ("kafka", "postgres"):
            make_certificate(folder, name)
    write(folder / "kafka_password", random_hex())
    pem = [text_of(folder / part) for part in ("tls_kafka_key", "tls_kafka_certificate", "tls_ca")]
    write(folder / "tls_kafka_keystore", "\n".join(pem))
    write(folder / "tls_kafka_properties", broker_properties(text_of(folder / "kafka_password")))
    for role in ROLES:
        write(folder / f"tls_{role}_database", over_tls(text_of(folder / f"{role}_database")))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    folder = parser.parse_args().folder
    if not (folder / "feed_database").exists():
        print("make_tls: run make_secrets.py first", file=sys.stderr)
        return 2
    make(folder)
    print(f"TLS is ready in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
