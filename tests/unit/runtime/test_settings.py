import os
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import Field, SecretStr, ValidationError

from onrecord.runtime.settings import USAGE_ERROR, Settings, SettingsError


class FeedSettings(Settings):
    service: ClassVar[str] = "feed"

    database: SecretStr = Field(description="DSN")
    poll_floor_s: float = Field(default=300, gt=0, description="shortest time between polls")


NEEDED = {"ONRECORD_FEED_DATABASE": "postgresql://localhost/feed"}


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        FeedSettings.load(NEEDED | environ)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_shared_settings_and_own_ones_have_their_prefix() -> None:
    settings = FeedSettings.load({**NEEDED, "ONRECORD_PARTITIONS": "3", "ONRECORD_FEED_POLL_FLOOR_S": "5", "PATH": "/bin"})
    assert (settings.partitions, settings.poll_floor_s) == (3, 5.0)
    assert settings.database.get_secret_value() == "postgresql://localhost/feed"
    assert settings.source == "/local/feed"


@pytest.mark.parametrize(
    "unknown",
    ["ONRECORD_FEED_POL_FLOOR_S", "ONRECORD_KAFKA_BOOTSTRAPP", "ONRECORD_POLL_FLOOR_S", "ONRECORD_DATABASE", "ONRECORD_FEEDS"],
)
def test_an_unknown_name_is_refused_and_named(unknown: str) -> None:
    assert unknown in refusal({unknown: "1"})


def test_an_unknown_secret_file_is_refused_and_named() -> None:
    assert "ONRECORD_FEED_TOKEN_FILE" in refusal({"ONRECORD_FEED_TOKEN_FILE": "/nowhere"})


@pytest.mark.parametrize(
    "other",
    [
        "ONRECORD_STORE_DATABASE", "ONRECORD_SCRAPER_CONTACT", "ONRECORD_EXTRACTOR_ENGINE", "ONRECORD_STORE_TOKENS_FILE",
        "ONRECORD_CACHE", "ONRECORD_DATA", "ONRECORD_EMBEDDED_BROKER", "ONRECORD_MAVEN_REPOSITORY", "ONRECORD_API",
        "ONRECORD_API_TOKEN", "ONRECORD_API_TOKEN_FILE", "ONRECORD_SHARED",
    ],
)  # fmt: skip
def test_names_of_others_are_passed_over(other: str) -> None:
    assert FeedSettings.load({**NEEDED, other: "x"}) == FeedSettings.load(NEEDED)


def test_a_missing_value_is_named() -> None:
    with pytest.raises(SettingsError, match=r"^ONRECORD_FEED_DATABASE is not set"):
        FeedSettings.load({})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ONRECORD_PARTITIONS", "many"),
        ("ONRECORD_PARTITIONS", "0"),
        ("ONRECORD_HTTP_PORT", "70000"),
        ("ONRECORD_KAFKA_SECURITY", "TLS"),
        ("ONRECORD_KAFKA_SASL_MECHANISM", "GSSAPI"),
        ("ONRECORD_LOG_LEVEL", "LOUD"),
        ("ONRECORD_FEED_POLL_FLOOR_S", "-1"),
        ("ONRECORD_TRACE_SAMPLE", "2"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(variable: str, value: str) -> None:
    assert refusal({variable: value}).startswith(f"{variable}: ")


def test_a_secret_comes_from_a_file_without_its_last_newline(tmp_path: Path) -> None:
    secret = tmp_path / "dsn"
    secret.write_text("postgresql://secret@db/feed\n")
    settings = FeedSettings.load({"ONRECORD_FEED_DATABASE_FILE": str(secret)})
    assert settings.database.get_secret_value() == "postgresql://secret@db/feed"


def test_a_setting_that_is_a_file_itself_keeps_its_path(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    assert FeedSettings.load({**NEEDED, "ONRECORD_KAFKA_CA_FILE": str(ca)}).kafka_ca_file == ca


def test_a_value_and_a_file_for_one_setting_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "dsn"
    secret.write_text("postgresql://other/feed")
    assert "ONRECORD_FEED_DATABASE_FILE" in refusal({"ONRECORD_FEED_DATABASE_FILE": str(secret)})


def test_a_file_that_can_not_be_read_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(SettingsError, match=r"^ONRECORD_FEED_DATABASE_FILE names a file that can not be read"):
            FeedSettings.load({"ONRECORD_FEED_DATABASE_FILE": str(path)})


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "dsn"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"^ONRECORD_FEED_DATABASE_FILE names a file that can not be read"):
        FeedSettings.load({"ONRECORD_FEED_DATABASE_FILE": str(binary)})


def test_sasl_without_a_user_is_refused() -> None:
    line = refusal({"ONRECORD_KAFKA_SECURITY": "SASL_SSL", "ONRECORD_KAFKA_PASSWORD": "tell-nobody"})
    assert "ONRECORD_KAFKA_USERNAME" in line
    assert "tell-nobody" not in line


def test_sasl_reaches_every_client_and_no_printout() -> None:
    environ = {"ONRECORD_KAFKA_USERNAME": "desk", "ONRECORD_KAFKA_PASSWORD": "tell-nobody"}
    settings = FeedSettings.load({**NEEDED, **environ, "ONRECORD_KAFKA_SECURITY": "SASL_PLAINTEXT"})
    connection = settings.kafka_connection()
    assert connection["security_protocol"] == "SASL_PLAINTEXT"
    assert connection["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (connection["sasl_plain_username"], connection["sasl_plain_password"]) == ("desk", "tell-nobody")
    assert "ssl_context" not in connection
    assert "tell-nobody" not in repr(settings)


def test_tls_brings_a_context_that_checks_the_name() -> None:
    context = FeedSettings.load({**NEEDED, "ONRECORD_KAFKA_SECURITY": "SSL"}).kafka_connection()["ssl_context"]
    assert context.check_hostname  # type: ignore[attr-defined]


def test_settings_can_not_be_changed() -> None:
    settings = FeedSettings.load(NEEDED)
    with pytest.raises(ValidationError):
        settings.partitions = 5


@pytest.mark.parametrize(
    ("variable", "value"), [("ONRECORD_SCRAPER_PAGE_DELAY", "1"), ("ONRECORD_LOG_LEVEL", "LOUD"), ("ONRECORD_HTTP_PORT", "x")]
)
def test_a_service_with_a_wrong_setting_says_one_line_and_ends_with_2(variable: str, value: str) -> None:
    environ = {name: found for name, found in os.environ.items() if not name.startswith("ONRECORD_")}
    ended = subprocess.run(
        [sys.executable, "-m", "onrecord.scraper.main"],
        env={**environ, variable: value}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == USAGE_ERROR == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert variable in ended.stderr
