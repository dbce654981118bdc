from onrecord.extractor.domain.facts import Head, Structured
from onrecord.extractor.domain.title import title_of, without_headline, without_site, words

SITES = ("Harbour Courier", "harbour.example")
NAMES = {words(site) for site in SITES}


def head(*headings: str, og: str = "", tag: str = "") -> Head:
    return Head(meta={"og:title": (og,)} if og else {}, title=tag, headings=headings)


def test_one_full_heading_is_the_title() -> None:
    page = head("Bridge opens after long delay", og="Bridge opens: what you need to know - Harbour Courier")
    assert title_of(page, Structured(), SITES, None) == "Bridge opens after long delay"


def test_a_heading_that_nobody_else_knows_is_not_trusted() -> None:
    page = head("Das Infoportal für sichere Nutzung", og="Bridge opens after long delay | Harbour Courier")
    assert title_of(page, Structured(headline="Bridge opens after long delay"), SITES, None) == "Bridge opens after long delay"


def test_of_several_headings_the_one_that_others_know_wins() -> None:
    page = head("Harbour Courier", "Football", "City win the cup at last", "Most read", og="City win the cup at last")
    assert title_of(page, Structured(), SITES, None) == "City win the cup at last"


def test_a_kicker_inside_the_heading_goes() -> None:
    page = head("News Bridge opens after long delay", og="Bridge opens after long delay")
    assert title_of(page, Structured(), SITES, None) == "Bridge opens after long delay"


def test_without_headings_the_structured_headline_stands() -> None:
    page = head(og="Other words here - Harbour Courier", tag="Harbour Courier")
    assert title_of(page, Structured(headline="Bridge opens – Harbour Courier"), SITES, None) == "Bridge opens"
    assert title_of(page, Structured(), SITES, None) == "Other words here"


def test_the_feed_chooses_and_stands_in() -> None:
    page = head("Live", "Storm: follow all updates", og="Storm hits the coast tonight")
    assert title_of(page, Structured(), SITES, "Storm hits the coast tonight") == "Storm hits the coast tonight"
    assert title_of(Head(), Structured(), SITES, "From the feed - Harbour Courier") == "From the feed"
    assert title_of(Head(), Structured(), SITES, None) == ""


def test_only_site_names_are_cut() -> None:
    assert without_site("Peace talks - a second chance for both", NAMES) == "Peace talks - a second chance for both"
    assert without_site("Harbour Courier | Bridge opens", NAMES) == "Bridge opens"
    assert without_site("Bridge opens | Opinion | Harbour Courier", NAMES) == "Bridge opens | Opinion"
    assert without_site("橋が開通｜Harbour Courier", NAMES) == "橋が開通"


def test_the_headline_and_its_labels_leave_the_text() -> None:
    assert (
        without_headline("News\nBridge opens\nBy Ann Lee\nThe bridge opened.", "Bridge opens", ("Ann Lee",))
        == "The bridge opened."
    )
    assert without_headline("The bridge opened.\nBridge opens", "Bridge closes", ()) == "The bridge opened.\nBridge opens"
    long = "A first paragraph that is far too long for a label, and so it is prose that has to stay in the text."
    assert without_headline(f"{long}\nBridge opens\nMore.", "Bridge opens", ()) == f"{long}\nBridge opens\nMore."
    assert without_headline("Bridge opens", "Bridge opens", ()) == "Bridge opens"
