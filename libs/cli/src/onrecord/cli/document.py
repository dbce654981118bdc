"""The JSON document of `onrecord extract`: field names as in the events, without what only the pipeline knows."""

from collections.abc import Mapping
from typing import Any

from onrecord.cli.reading import Story
from onrecord.extractor.domain.said import speaker_key, spoken
from onrecord.statements import Extracted, Named, Span


def article_document(story: Story) -> dict[str, Any]:
    """Absent when unknown. Offsets are code points of `text`, or of `title` where `field` says so; end exclusive."""
    return _known(
        {
            "url": story.url,
            "title": story.title,
            "publisher": _known({"name": story.outlet, "domain": story.domain}) or None,
            "authors": list(story.authors) or None,
            "published_at": story.published_at.model_dump(mode="json") if story.published_at else None,
            "language": story.language,
            "kind": story.kind,
            "partial": story.partial,
            "unsupported_language": None if story.supported else True,
            "text": story.text,
            "text_sha256": story.text_sha256,
            "statements": [_statement(story, statement) for statement in story.statements],
        }
    )


def _statement(story: Story, made: Extracted) -> dict[str, Any]:
    cue, sure = made.cue, made.confidence
    parts = [{**_selector(story, part.span), "part": part.kind} for part in made.content]
    return _known(
        {
            "kind": made.kind,
            "text": " ".join(spoken(str(part["exact"])) for part in parts),
            "content": parts,
            "cue": cue
            and {
                "selector": _selector(story, cue.span),
                "lemma": cue.lemma,
                "class": cue.cue_class,
                "polarity": cue.polarity,
            },
            "speaker": _speaker(story, made),
            "addressee": _named(story, made.addressee),
            "via": _named(story, made.via),
            "continues": made.continues,
            "confidence": {"span": sure.span, "speaker": sure.speaker, "kind": sure.kind},
            "rule": made.rule,
            "flags": sorted(made.flags) or None,
        }
    )


def _speaker(story: Story, made: Extracted) -> dict[str, Any]:
    speaker = made.speaker
    return _known(
        {
            "mention": _selector(story, made.source) if made.source else None,
            "name": speaker.name,
            "type": speaker.type,
            "key": speaker_key(speaker.type, speaker.name),
            "resolution": speaker.resolution,
            "role": speaker.role,
            "chain": [_selector(story, span) for span in speaker.chain] or None,
        }
    )


def _named(story: Story, named: Named | None) -> dict[str, Any] | None:
    return {"name": named.name, "selector": _selector(story, named.span)} if named else None


def _selector(story: Story, span: Span) -> dict[str, Any]:
    return story.selector(span).model_dump(mode="json")


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
