import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from onrecord.contracts import MAX_HTML_BYTES, compress_body, decompress_body


@given(st.binary(max_size=1000))
def test_page_body_comes_back(html: bytes) -> None:
    assert decompress_body(compress_body(html)) == html


@pytest.mark.parametrize(
    "body",
    [b"", b"plain", compress_body(b"x" * 100)[:-4], compress_body(b"x") + b"y", compress_body(b"\0" * (MAX_HTML_BYTES + 1))],
)
def test_a_broken_or_huge_page_body_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="page body"):
        decompress_body(body)


def test_a_body_without_a_stated_size_is_bounded_too() -> None:
    unsized = zstandard.ZstdCompressor(write_content_size=False)
    assert decompress_body(unsized.compress(b"x" * 1000)) == b"x" * 1000
    with pytest.raises(ValueError, match="page body"):
        decompress_body(unsized.compress(b"\0" * (MAX_HTML_BYTES + 1)))
