from pathlib import Path

import pytest
from pydantic import ValidationError

from onrecord.cli.embedded.settings import EmbeddedSettings


def test_named_cache_wins_over_the_user_cache() -> None:
    settings = EmbeddedSettings.from_env({"ONRECORD_CACHE": "/a/b", "XDG_CACHE_HOME": "/x"})
    assert settings.cache == Path("/a/b")


def test_user_cache_holds_a_folder_of_ours() -> None:
    assert EmbeddedSettings.from_env({"XDG_CACHE_HOME": "/x"}).cache == Path("/x/onrecord")


def test_without_either_the_cache_is_in_the_home_folder() -> None:
    assert EmbeddedSettings.from_env({}).cache == Path.home() / ".cache/onrecord"


def test_empty_variables_count_as_unset() -> None:
    settings = EmbeddedSettings.from_env({"ONRECORD_KAFKA_BOOTSTRAP": " ", "ONRECORD_EMBEDDED_BROKER": "", "ONRECORD_CACHE": ""})
    assert (settings.kafka_bootstrap, settings.embedded_broker) == (None, None)


def test_an_unknown_broker_is_refused() -> None:
    with pytest.raises(ValidationError, match="embedded_broker"):
        EmbeddedSettings.from_env({"ONRECORD_EMBEDDED_BROKER": "redpanda"})
