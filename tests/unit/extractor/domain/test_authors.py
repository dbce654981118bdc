import pytest

from onrecord.extractor.domain.authors import authors_of, split_names
from onrecord.extractor.domain.facts import Byline, Head, Structured

SITES = ("Harbour Courier", "harbour.example")


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("By Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("Von Jürgen Müller", ["Jürgen Müller"]),
        ("Ann Lee, Bo Ek & Cy Dun", ["Ann Lee", "Bo Ek", "Cy Dun"]),
        ("Ann Lee, Political Correspondent", ["Ann Lee"]),
        ("Guardian staff reporter", ["Guardian staff reporter"]),
        ("Ann Lee, chief correspondent", ["Ann Lee"]),
        ("Ann Lee | Harbour Courier", ["Ann Lee", "Harbour Courier"]),
        ("Ann Lee in Brussels", ["Ann Lee"]),
        ("Interview: Julia Lauter", ["Julia Lauter"]),
        ("Ann Lee Link Copied", ["Ann Lee"]),
        ("news@harbour.example (Ann Lee)", ["Ann Lee"]),
        ("신현주 기자", ["신현주"]),
        ("https://www.facebook.com/harbour", []),
        ("@harbour", []),
        ("(Image: Agency)", []),
        ("admin", []),
        ("105092", []),
    ],
)
def test_names_in_bylines(raw: str, names: list[str]) -> None:
    assert split_names(raw) == names


def test_the_feed_comes_first_then_persons_then_meta() -> None:
    head = Head(meta={"author": ("Meta Name",)}, authors=("Marked Name",))
    structured = Structured(authors=(Byline("Ann Lee", "Person"), Byline("Harbour Agency", "Organization")))
    assert authors_of(head, structured, SITES, ["Feed Name"], []) == ("Feed Name",)
    assert authors_of(head, structured, SITES, [], []) == ("Ann Lee",)
    assert authors_of(head, Structured(), SITES, [], []) == ("Meta Name",)
    assert authors_of(Head(authors=("Marked Name",)), Structured(), SITES, [], ["Guessed Name"]) == ("Marked Name",)
    assert authors_of(Head(), Structured(), SITES, [], ["Guessed Name", "Manga"]) == ("Guessed Name",)


def test_the_publisher_is_no_author_while_somebody_else_is() -> None:
    head = Head(meta={"author": ("Harbour Courier", "Ann Lee")})
    assert authors_of(head, Structured(), SITES, ["Harbour Courier"], []) == ("Ann Lee",)


def test_a_newsroom_that_signs_is_named_and_a_host_is_not() -> None:
    assert authors_of(Head(meta={"author": ("Harbour Courier",)}), Structured(), SITES, [], []) == ("Harbour Courier",)
    assert authors_of(Head(meta={"author": ("harbour.example",)}), Structured(), SITES, [], []) == ()


def test_an_agency_stands_where_no_person_does() -> None:
    structured = Structured(authors=(Byline("Northern Press Agency", "Organization"),))
    assert authors_of(Head(), structured, SITES, [], []) == ("Northern Press Agency",)


def test_longer_wordings_of_a_name_are_left_out() -> None:
    head = Head(authors=("Heiko Sauer", "All articles of Heiko Sauer"))
    assert authors_of(head, Structured(), SITES, [], []) == ("Heiko Sauer",)


def test_guesses_are_not_made_where_they_are_not_needed() -> None:
    def guesses():  # type: ignore[no-untyped-def]
        raise AssertionError("asked")
        yield

    assert authors_of(Head(meta={"author": ("Ann Lee",)}), Structured(), SITES, [], guesses()) == ("Ann Lee",)
