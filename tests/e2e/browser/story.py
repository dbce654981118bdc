"""An article that a page may stumble over: nested speech, emoji, markup, bidi marks, endless words."""

from integration.store.newsroom import article, delivered, item, outcome, statement
from onrecord.contracts import Article, Kind, OutcomeKind, Selector, Speaker, Statement, ids
from onrecord.contracts.speaker import Resolution, SpeakerType
from onrecord.contracts.statement import Cue, CueClass, Polarity
from onrecord.store.adapters.desk import Desk
from onrecord.store.adapters.ledger import Ledger

OPENS = "The bridge 🌉 will open again in June."
MARKUP = "the <script>document.title = 'owned'</script><img src=x onerror=alert(1)> bridge was safe"
NESTED = f"Ann Lee had said {MARKUP}"
LONG = f"\u202etxet desrever\u202c and {'w' * 400} would follow"
TITLE = "Mayor 🌉: <b>bridge</b> opens \u202e&amp; " + "t" * 200
TEXT = "\n".join(
    (
        f"🌉🌉 At noon Ann Lee said on Monday: “{OPENS}”",
        "",
        f"Bo Chen did not say {NESTED}.",
        f"A port official warned {LONG}.",
    )
)


def selector(text: str, exact: str, *, after: str = "") -> Selector:
    start = text.index(exact, text.index(after))
    return Selector.of(text, start, start + len(exact))


def cue(word: str, lemma: str, kind: CueClass, polarity: Polarity = Polarity.affirmed) -> Cue:
    return Cue(selector=selector(TEXT, word), lemma=lemma, cue_class=kind, polarity=polarity)


def story() -> tuple[Article, list[Statement]]:
    said = (OPENS, NESTED, MARKUP, LONG)
    key = ids.article_id("https://gazette.example/news/bridge")
    manifest = tuple(ids.statement_id(key, ids.text_key(text), 0) for text in said)
    page = article(text=TEXT, title=TITLE, statement_ids=manifest)
    opens = statement(page, OPENS).model_copy(update={"cue": cue("said on", "say", CueClass.say)})
    named = opens.speaker.model_copy(update={"mention": selector(TEXT, "Ann Lee"), "chain": (selector(TEXT, "Ann Lee"),)})
    nested = statement(page, NESTED, speaker="Bo Chen", kind=Kind.indirect)
    official = Speaker(
        mention=selector(TEXT, "A port official"), type=SpeakerType.unnamed, resolution=Resolution.role, role="port official"
    )
    warned = statement(page, LONG, kind=Kind.indirect)
    return page, [
        opens.model_copy(update={"speaker": named}),
        nested.model_copy(update={"cue": cue("did not say", "say", CueClass.say, Polarity.negated)}),
        statement(page, MARKUP, kind=Kind.indirect),
        warned.model_copy(update={"speaker": official, "cue": cue("warned", "warn", CueClass.warn)}),
    ]


async def publish(desk: Desk, page: Article, said: list[Statement]) -> None:
    await desk.take_articles([delivered(page, trace=7)])
    await desk.take_statements([delivered(each, trace=7) for each in said])


async def hostile_news(desk: Desk, ledger: Ledger) -> Article:
    """The story, its item, and a dead letter with a reason as hostile as the rest."""
    page, said = story()
    await ledger.take_items([delivered(item().model_copy(update={"title": TITLE, "feed_title": TITLE}), trace=7)])
    await publish(desk, page, said)
    await ledger.take_ends([delivered(outcome(OutcomeKind.stored), trace=7)])
    broken = item("broken", link="javascript:alert(1)").model_copy(update={"title": None})
    await ledger.take_items([delivered(broken, trace=8)])
    end = outcome(OutcomeKind.dead_letter, name="broken", service="extractor").model_copy(update={"reason": MARKUP + LONG})
    await ledger.take_ends([delivered(end, trace=8)])
    return page
