"""Predictions in the form the quality measures read."""

from onrecord.statements import Engine
from onrecord.statements.predict import predict_document

DOC = {
    "doc_id": "rain",
    "title": "Doe Says Rain Is Coming",
    "text": "“It will rain,” Jane Doe said. “Take an umbrella with you.”",
}


def test_guide_units_keep_floating_statements_apart() -> None:
    row = predict_document(Engine(), DOC, units="guide")
    assert row["doc_id"] == "rain"
    assert [one["content"] for one in row["statements"]] == [[[0, 15]], [[31, 59]]]
    assert row["statements"][1]["cue"] is None
    assert {one["speaker_name"] for one in row["statements"]} == {"Jane Doe"}


def test_polnear_units_merge_them() -> None:
    row = predict_document(Engine(), DOC, units="polnear")
    (one,) = row["statements"]
    assert one["content"] == [[0, 15], [31, 59]]
    assert one["cue"] == [[25, 29]]
    assert one["source"] == [[16, 24]]
    assert (one["kind"], one["speaker_type"], one["resolution"]) == ("direct", "person", "full_name")
    assert set(one["confidence"]) == {"span", "speaker", "kind"}


def test_thoughts_on_request() -> None:
    doc = {"doc_id": "x", "text": "Jane Doe believes that it will rain."}
    assert predict_document(Engine(), doc)["statements"] == []
    assert len(predict_document(Engine(), doc, thoughts=True)["statements"]) == 1
