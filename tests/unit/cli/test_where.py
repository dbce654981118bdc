import json
from pathlib import Path

import pytest

from onrecord.cli import where
from onrecord.cli.errors import CommandFailed, NotRunning
from onrecord.cli.kafka import kafka_settings

STATE = {
    "bootstrap": "127.0.0.1:1111",
    "api": "http://127.0.0.1:2222",
    "feed_database": "postgresql://feed@127.0.0.1/f",
    "store_database": "postgresql://store@127.0.0.1/s",
}


def running(folder: Path, **more: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "run.json").write_text(json.dumps({**STATE, **more}), encoding="utf-8")
    return folder


def test_reads_what_a_running_system_wrote(tmp_path: Path) -> None:
    found = where.find(running(tmp_path), {})
    assert (found.broker(), found.api) == (STATE["bootstrap"], STATE["api"])
    assert found.database("feed") == STATE["feed_database"]
    assert found.database("store") == STATE["store_database"]


def test_the_environment_wins(tmp_path: Path) -> None:
    environ = {
        "ONRECORD_KAFKA_BOOTSTRAP": "kafka:9092",
        "ONRECORD_API": "https://onrecord.example/",
        "ONRECORD_FEED_DATABASE": "postgresql://elsewhere/f",
    }
    found = where.find(running(tmp_path), environ)
    assert (found.broker(), found.api) == ("kafka:9092", "https://onrecord.example")
    assert found.database("feed") == "postgresql://elsewhere/f"
    assert found.database("store") == STATE["store_database"]


def test_the_option_wins_over_the_folder_of_the_environment(tmp_path: Path) -> None:
    environ = {"ONRECORD_DATA": str(running(tmp_path / "one", bootstrap="one:1"))}
    assert where.find(None, environ).broker() == "one:1"
    assert where.find(running(tmp_path / "two", bootstrap="two:2"), environ).broker() == "two:2"


def test_without_anything_it_says_what_helps(tmp_path: Path) -> None:
    found = where.find(tmp_path, {})
    assert found.api == where.API_BASE
    with pytest.raises(NotRunning, match="start `onrecord run`, or set ONRECORD_KAFKA_BOOTSTRAP"):
        found.broker()
    with pytest.raises(NotRunning, match="ONRECORD_STORE_DATABASE"):
        found.database("store")
    assert NotRunning.exit_code == 2


@pytest.mark.parametrize("state", [b"{", b"[]", b"\xff"])
def test_a_broken_state_file_is_one_line(tmp_path: Path, state: bytes) -> None:
    (tmp_path / "run.json").write_bytes(state)
    with pytest.raises(CommandFailed, match=r"run\.json"):
        where.find(tmp_path, {})


def test_secrets_come_from_files_and_are_not_shown(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("s3cret\n", encoding="utf-8")
    found = where.find(running(tmp_path), {"ONRECORD_API_TOKEN_FILE": str(secret)})
    assert found.api_token == "s3cret"
    assert "s3cret" not in repr(found)
    assert "postgresql" not in repr(found)
    with pytest.raises(CommandFailed, match="ONRECORD_API_TOKEN_FILE"):
        where.find(tmp_path, {"ONRECORD_API_TOKEN_FILE": str(tmp_path / "absent")})


def test_broker_settings_keep_their_tls_and_sasl(tmp_path: Path) -> None:
    environ = {
        "ONRECORD_KAFKA_SECURITY": "SASL_SSL",
        "ONRECORD_KAFKA_USERNAME": "reader",
        "ONRECORD_KAFKA_PASSWORD": "pass",
        "ONRECORD_API": "http://127.0.0.1:8080",
        "ONRECORD_FEED_DATABASE": "postgresql://x/y",
    }
    connection = kafka_settings(where.find(running(tmp_path), environ), environ).kafka_connection()
    assert connection["bootstrap_servers"] == STATE["bootstrap"]
    assert connection["sasl_plain_username"] == "reader"
    assert "ssl_context" in connection


def test_a_wrong_setting_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="ONRECORD_KAFKA_SECURITY"):
        kafka_settings(where.find(running(tmp_path), {}), {"ONRECORD_KAFKA_SECURITY": "TELNET"})


def test_the_running_system_tells_its_partitions_unless_the_environment_does(tmp_path: Path) -> None:
    found = where.find(running(tmp_path, partitions=4, lag_known=False), {})
    assert kafka_settings(found, {}).partitions == 4
    assert kafka_settings(found, {"ONRECORD_PARTITIONS": "6"}).partitions == 6
    assert not found.lag_known
    other = where.find(tmp_path, {"ONRECORD_KAFKA_BOOTSTRAP": "kafka:9092"})
    assert other.lag_known
    assert kafka_settings(other, {}).partitions == 12
