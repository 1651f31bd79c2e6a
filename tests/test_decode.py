"""Bytes as editors write them become the same text; bytes that are no text get an error that says what they are."""

import pytest

from audit.errors import UnreadableError
from audit.readers.decode import decode

TEXT = "Study aim\r\nTo compare 5–10 µg of a syrup\r\nPhase\n2\n"
PERSIAN = (
    "هدف ازمطالعه\nتعیین اثر شربت عسل بر سرفه شبانه کودکان مبتلا به سرماخوردگی در شهر خیالی\nطراحی\nکارآزمایی بالینی تصادفی\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [TEXT, PERSIAN])
def test_unicode_in_any_form_is_the_same_text(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_big_endian_with_its_mark():
    assert decode(b"\xfe\xff" + PERSIAN.encode("utf-16-be")) == PERSIAN


def test_windows_1256():
    # the Persian letters that Windows-1256 has
    text = PERSIAN.replace("ی", "ي").replace("ک", "ك")

    assert decode(text.encode("cp1256")) == text


def test_windows_1252():
    text = "Study aim\nTo compare 5–10 µg of a syrup with the usual care of children’s cough\nDesign\nParallel groups\n"

    assert decode(text.encode("cp1252")) == text


def test_line_ends_stay():
    assert decode(b"\xef\xbb\xbfAge\r\nFrom 18 years old\rGender\n") == "Age\r\nFrom 18 years old\rGender\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "an image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "an image"),
        (b"PK\x03\x04\x14\x00\x06\x00", "office document"),
        (bytes(range(256)) * 20, "binary"),
        (b"Study aim\nsome text\x00\x01\x02\x03 more text", "binary"),
        (b"\xff\xfeA\x00\x00\xd8", "damaged"),
    ],
)
def test_no_text_gets_an_error_that_says_what_it_is(data, says):
    with pytest.raises(UnreadableError, match=says):
        decode(data)


def test_the_error_names_the_line():
    with pytest.raises(UnreadableError) as caught:
        decode(b"Study aim\nsome text\nmore\x00\x01\x02")

    assert caught.value.line == 3
