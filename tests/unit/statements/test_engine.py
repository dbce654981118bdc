"""The engine's door: kinds, languages, the title, limits."""

import pytest

from onrecord.statements import SUPPORTED_LANGUAGES, Engine, ModelNotInstalled, StatementError


def test_the_model_must_be_installed() -> None:
    with pytest.raises(ModelNotInstalled, match="rules") as caught:
        Engine(kind="model")
    assert isinstance(caught.value, StatementError)


def test_unsupported_language_gives_nothing() -> None:
    assert "xx" not in SUPPORTED_LANGUAGES
    assert Engine().extract("Jane Doe said it would rain.", language="xx") == []


@pytest.mark.parametrize("tag", ["en", "en-GB", "EN_us"])
def test_language_tags_are_read_by_their_primary_subtag(tag: str) -> None:
    assert len(Engine().extract("Jane Doe said it would rain.", language=tag)) == 1


@pytest.mark.parametrize(
    ("language", "text", "content", "name", "lemma"),
    [
        (
            "de",
            "„Das ist ein schwerer Fehler“, sagte Olaf Berg am Montag.",
            "„Das ist ein schwerer Fehler“",
            "Olaf Berg",
            "sagen",
        ),
        ("de", "Olaf Berg sagte: „Das ist ein schwerer Fehler.“", "„Das ist ein schwerer Fehler.“", "Olaf Berg", "sagen"),
        ("fr", "« Nous devons agir », a déclaré Anne Mont lundi.", "« Nous devons agir »", "Anne Mont", "déclarer"),
        ("es", "«No vamos a ceder», dijo Pedro Monte.", "«No vamos a ceder»", "Pedro Monte", "decir"),
    ],
)
def test_direct_quotations_elsewhere(language: str, text: str, content: str, name: str, lemma: str) -> None:
    (statement,) = Engine().extract(text, language=language)
    span = statement.content[0].span
    assert text[span.start : span.end] == content
    assert statement.kind == "direct"
    assert statement.speaker.name == name
    assert statement.cue is not None
    assert statement.cue.lemma == lemma


def test_elsewhere_an_unsure_quotation_is_left_out() -> None:
    assert Engine().extract("„Das ist ein schwerer Fehler“, sagte er.", language="de") == []


def test_a_paragraph_over_the_cap_is_cut_and_flagged() -> None:
    text = "“It will rain,” Jane Doe said. " + "The sky was grey. " * 2_000 + "“Late words count for nothing,” Jane Doe said."
    (statement,) = Engine().extract(text, language="en")
    assert "truncated" in statement.flags
