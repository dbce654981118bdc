"""The secrets' tools: random, closed to others, never shown, never lost by a second run."""

import hashlib
import stat
import subprocess
import sys
from pathlib import Path

from deploy import compose_file
from deploy.images import ROOT
from onrecord.store.api.access import holder, parse_tokens

MAKE_SECRETS = ROOT / "deploy" / "tools" / "make_secrets.py"
MAKE_TLS = ROOT / "deploy" / "tools" / "make_tls.py"


def run(tool: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, str(tool), *arguments], capture_output=True, text=True, check=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_secret_of_compose_is_made(tmp_path: Path) -> None:
    assert run(MAKE_SECRETS, str(tmp_path)).returncode == 0
    assert set(contents(tmp_path)) == {Path(secret["file"]).name for secret in compose_file.base()["secrets"].values()}


def test_every_secret_of_the_tls_layer_is_made(tmp_path: Path) -> None:
    run(MAKE_SECRETS, str(tmp_path))
    done = run(MAKE_TLS, str(tmp_path))
    assert done.returncode == 0, done.stderr
    wanted = {Path(secret["file"]).name for secret in compose_file.raw(compose_file.LAYERS / "tls.yml")["secrets"].values()}
    assert wanted <= set(contents(tmp_path))


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    for tool in (MAKE_SECRETS, MAKE_TLS):
        run(tool, str(tmp_path))
    first = contents(tmp_path)
    for tool in (MAKE_SECRETS, MAKE_TLS):
        assert run(tool, str(tmp_path)).returncode == 0
    assert contents(tmp_path) == first


def test_two_deployments_share_nothing_and_nothing_is_shown(tmp_path: Path) -> None:
    said = [run(MAKE_SECRETS, str(tmp_path / name)).stdout for name in ("one", "two")]
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert all(one[name] != two[name] for name in one)
    assert all(value.decode().strip() not in text for value in one.values() for text in said)


def test_the_folder_is_closed_and_its_files_can_be_read_in_a_container(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    run(MAKE_SECRETS, str(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o444}


def test_the_authoritys_key_is_given_to_no_container(tmp_path: Path) -> None:
    run(MAKE_SECRETS, str(tmp_path))
    run(MAKE_TLS, str(tmp_path))
    assert stat.S_IMODE((tmp_path / "tls_ca_key").stat().st_mode) == 0o400
    assert "tls_ca_key" not in {
        Path(secret["file"]).name for secret in compose_file.raw(compose_file.LAYERS / "tls.yml")["secrets"].values()
    }


def test_the_store_knows_the_token_by_its_hash(tmp_path: Path) -> None:
    run(MAKE_SECRETS, str(tmp_path))
    token = (tmp_path / "api_token").read_text(encoding="ascii").strip()
    (known,) = parse_tokens((tmp_path / "api_tokens").read_text(encoding="ascii"))
    assert known.sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert holder(f"Bearer {token}", (known,)) == known


def test_git_never_sees_a_secret() -> None:
    ignored = (compose_file.LAYERS / "secrets" / ".gitignore").read_text(encoding="ascii").split()
    assert ignored == ["*", "!.gitignore"]
