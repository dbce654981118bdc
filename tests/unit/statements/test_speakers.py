"""Who is meant: names, pronouns, roles, organisations, and nobody where nobody is named."""

import pytest

from onrecord.statements import Engine, Extracted

ENGINE = Engine()


def last(text: str) -> Extracted:
    return ENGINE.extract(text, language="en")[-1]


CASES = [
    ("Jane Doe came. Doe said it would rain.", "Jane Doe", "person", "partial_name"),
    ("Jane Doe came. Ms. Doe said it would rain.", "Jane Doe", "person", "partial_name"),
    ("Jane Doe came. She said it would rain.", "Jane Doe", "person", "pronoun"),
    ("Jane Doe met Peter Roe. He said it would rain.", "Peter Roe", "person", "pronoun"),
    ("Peter Roe met Jane Doe. She said it would rain.", "Jane Doe", "person", "pronoun"),
    ("Mayor Jane Doe came late. The mayor said it would rain.", "Jane Doe", "person", "role"),
    ("Jane Doe came with John Roe. Doe and Roe said it would rain.", "Jane Doe and John Roe", "group", "full_name"),
    ("The Acme Corporation (ACME) grew. ACME said it would hire.", "Acme Corporation", "organization", "partial_name"),
    ("Workers of Acme Corp. met. The company said it would hire.", "Acme Corp.", "organization", "role"),
    ("A spokesman said it would rain.", None, "unnamed", "role"),
    ("Police said it would rain.", None, "unnamed", "role"),
    ("A report said it would rain.", None, "document", "role"),
]


@pytest.mark.parametrize(("text", "name", "kind", "resolution"), CASES, ids=[case[0][-40:] for case in CASES])
def test_speaker(text: str, name: str | None, kind: str, resolution: str) -> None:
    speaker = last(text).speaker
    assert (speaker.name, speaker.type, speaker.resolution) == (name, kind, resolution)


def test_role_of_a_named_speaker_comes_from_anywhere_in_the_article() -> None:
    speaker = last("Jane Doe, the mayor of Rome, came. Doe said it would rain.").speaker
    assert speaker.role == "mayor of Rome"


def test_role_of_the_unnamed_is_kept() -> None:
    speaker = last("A spokesman for the city said it would rain.").speaker
    assert (speaker.name, speaker.role) == (None, "spokesman for the city")


def test_a_pronoun_after_an_unnamed_speaker_takes_nobodys_name() -> None:
    text = "Peter Roe ran the school for years.\nA teacher said it would rain. “I know the sky,” she said."
    speaker = last(text).speaker
    assert speaker.name is None


def test_last_speaker_is_not_displaced_by_a_name_in_the_possessive() -> None:
    text = "“It will rain,” Peter Roe said.\nHe said Mark Poe’s plan was wet. “Look up,” he said."
    assert last(text).speaker.name == "Peter Roe"


def test_confidence_falls_with_every_step() -> None:
    named = last("Jane Doe said it would rain.").confidence.speaker
    pronoun = last("Jane Doe came. She said it would rain.").confidence.speaker
    assert 0 < pronoun < named <= 1
