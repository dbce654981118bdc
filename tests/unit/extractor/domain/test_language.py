import pytest

from onrecord.extractor.domain.language import language_of, primary

ENGLISH = "The minister said on Tuesday that the plan would go ahead despite objections from the council. " * 3
GERMAN = "Der Minister sagte am Dienstag, der Plan werde trotz der Einwände des Stadtrats umgesetzt. " * 3


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-US", "en"),
        ("EN_gb", "en"),
        ("iw", "he"),
        ("de_DE", "de"),
        ("", None),
        ("english", None),
        ("x", None),
        ("<script>", None),
        (None, None),
    ],
)
def test_declared_languages(tag: str | None, code: str | None) -> None:
    assert primary(tag) == code


def test_the_text_wins_over_a_wrong_declaration() -> None:
    assert language_of(GERMAN, html_lang="en-US", feed_language=None) == "de"
    assert language_of(ENGLISH, html_lang=None, feed_language=None) == "en"


def test_a_declaration_decides_between_languages_that_look_alike() -> None:
    text = "Vlada je danas odlučila da povuče prijedlog zakona, rekao je ministar nakon sjednice u gradu. " * 3
    assert language_of(text, html_lang="bs", feed_language=None) == "bs"


def test_nothing_to_go_by_is_undetermined() -> None:
    assert language_of("12 34", html_lang=None, feed_language=None) == "und"
    assert language_of("12 34", html_lang=None, feed_language="fr") == "fr"
