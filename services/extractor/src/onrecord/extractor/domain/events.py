"""From a page's extraction to the article event and its statement events."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onrecord.contracts import (
    Article,
    ArticleProvenance,
    Confidence,
    ContentPart,
    Cue,
    CueClass,
    Extraction,
    Flag,
    Kind,
    NamedSpan,
    Page,
    Partial,
    Polarity,
    Resolution,
    Revision,
    Selector,
    Speaker,
    SpeakerType,
    Statement,
    StatementArticle,
    StatementProvenance,
    TextField,
    Validators,
    check_selectors,
    ids,
)
from onrecord.extractor.domain.page import ExtractedPage
from onrecord.extractor.domain.said import speaker_key, spoken
from onrecord.statements import Extracted, Named, Span

ENGINE_RELEASE = 1  # raised with every change of what the engine would say about the same text


@dataclass(frozen=True, slots=True)
class Read:
    """A page with what was read from it. `supported`: the engine knows the language."""

    page: Page
    found: ExtractedPage
    statements: Sequence[Extracted]
    supported: bool
    extraction: Extraction

    @property
    def revision(self) -> Revision:
        return Revision(fetched_at=self.page.fetched_at, engine_release=ENGINE_RELEASE)

    @property
    def text_sha256(self) -> str:
        return hashlib.sha256(self.found.text.encode()).hexdigest()

    def source(self, span: Span) -> str:
        return self.found.title if span.field == "title" else self.found.text

    def selector(self, span: Span) -> Selector:
        return Selector.of(self.source(span), span.start, span.end, TextField(span.field))


def extraction_of(name: str, version: str, at: datetime) -> Extraction:
    return Extraction(name=name, version=version, calibration="none", at=at)


def events_of(read: Read) -> tuple[Article, list[Statement]]:
    """The article with its manifest, and its statements; raises SelectorLawBroken before anything false is sent."""
    identities = identify(read)
    statements = [_statement(read, index, identities) for index in range(len(read.statements))]
    article = _article(read, [identity.statement_id for identity in identities])
    for event in (article, *statements):
        check_selectors(event, text=read.found.text, title=read.found.title)
    return article, statements


@dataclass(frozen=True, slots=True)
class Identity:
    text: str
    text_key: str
    statement_id: UUID


def identify(read: Read) -> list[Identity]:
    """Ids from the words: stable while the text is equal; equal texts of one article are counted."""
    seen: Counter[str] = Counter()
    found = []
    for statement in read.statements:
        parts = [read.source(part.span)[part.span.start : part.span.end] for part in statement.content]
        text = " ".join(spoken(part) for part in parts)
        key = ids.text_key(text)
        found.append(Identity(text, key, ids.statement_id(read.page.article_id, key, seen[key])))
        seen[key] += 1
    return found


def _article(read: Read, statement_ids: list[UUID]) -> Article:
    page, found = read.page, read.found
    return Article(
        article_id=page.article_id,
        revision=read.revision,
        url=page.article_url,
        canonical_url=found.canonical_url,
        title=found.title,
        publisher=found.publisher,
        authors=found.authors or None,
        published_at=found.published_at,
        modified_at=found.modified_at,
        language=found.language,
        text=found.text,
        text_sha256=read.text_sha256,
        section=found.section,
        tags=found.tags or None,
        kind=found.kind,
        partial=found.partial or (Partial.truncated if found.truncated else None),
        rights=page.rights or found.rights,
        validators=Validators(etag=page.http_etag, last_modified=page.http_last_modified, body_sha256=page.body_sha256),
        provenance=ArticleProvenance(
            item_id=page.item.item_id,
            item_revision=page.item.item_revision,
            feed_id=page.item.feed_id,
            discovered_at=page.item.discovered_at,
            fetched_at=page.fetched_at,
            from_feed=page.from_feed,
        ),
        extraction=read.extraction,
        statement_ids=tuple(statement_ids),
        unsupported_language=None if read.supported else True,
        lane=page.item.lane,
    )


def _statement(read: Read, index: int, identities: list[Identity]) -> Statement:
    made, identity = read.statements[index], identities[index]
    page, found = read.page, read.found
    return Statement(
        statement_id=identity.statement_id,
        revision=read.revision,
        continues=None if made.continues is None else identities[made.continues].statement_id,
        kind=Kind(made.kind),
        text=identity.text,
        text_key=identity.text_key,
        language=found.language,
        content=tuple(
            ContentPart.model_validate(
                {**Selector.parts(read.source(p.span), p.span.start, p.span.end, TextField(p.span.field)), "part": Kind(p.kind)}
            )
            for p in made.content
        ),
        cue=_cue(read, made),
        addressee=_named(read, made.addressee),
        via=_named(read, made.via),
        speaker=_speaker(read, made),
        article=StatementArticle(
            article_id=page.article_id,
            url=page.article_url,
            canonical_url=found.canonical_url,
            title=found.title,
            publisher=found.publisher,
            published_at=found.published_at,
            text_sha256=read.text_sha256,
            rights=page.rights or found.rights,
        ),
        provenance=StatementProvenance(
            item_id=page.item.item_id,
            item_revision=page.item.item_revision,
            feed_id=page.item.feed_id,
            item_guid=page.item.guid,
            discovered_at=page.item.discovered_at,
            fetched_at=page.fetched_at,
        ),
        confidence=Confidence(span=made.confidence.span, speaker=made.confidence.speaker, kind=made.confidence.kind),
        extraction=read.extraction.model_copy(update={"rule": made.rule}),
        flags=tuple(Flag(flag) for flag in sorted(made.flags)) or None,
        lane=page.item.lane,
    )


def _cue(read: Read, made: Extracted) -> Cue | None:
    if made.cue is None:
        return None
    cue = made.cue
    return Cue(
        selector=read.selector(cue.span), lemma=cue.lemma, cue_class=CueClass(cue.cue_class), polarity=Polarity(cue.polarity)
    )


def _named(read: Read, named: Named | None) -> NamedSpan | None:
    return NamedSpan(name=named.name, selector=read.selector(named.span)) if named else None


def _speaker(read: Read, made: Extracted) -> Speaker:
    speaker = made.speaker
    return Speaker(
        mention=read.selector(made.source) if made.source else None,
        name=speaker.name,
        type=SpeakerType(speaker.type),
        key=speaker_key(speaker.type, speaker.name),
        resolution=Resolution(speaker.resolution),
        role=speaker.role,
        chain=tuple(read.selector(span) for span in speaker.chain) or None,
    )
