"""A text -> the same text folded for matching, character for character, so that places carry over.

The folded text is ASCII and lower case: one pattern then means the same to google-re2 and to `re`, and
an offset in the folded text is an offset in the source. Dashes, quotes and blanks become their plain
forms, Persian and Arabic digits and superscripts become digits, accents are dropped, bold markers and line ends become
blanks, those that exports write (``<br>``, ``_x000D_``) too, and signs that an export garbled are what they were. Letters of other scripts become ``q`` (a letter still), all else becomes DEL.
"""

import re
import unicodedata

_TABLE = {
    **{ord(c): " " for c in "\t\n\r\f\v\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"},
    **{ord(c): "-" for c in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad"},
    **{ord(c): "'" for c in "\u2018\u2019\u02bc\u00b4`"},
    **{ord(c): '"' for c in "\u201c\u201d\u00ab\u00bb"},
    **{ord(c): "u" for c in "\u00b5\u03bc"},
    **{ord(c): "x" for c in "\u00d7\u2715\u2a2f"},
    **{ord(c): "." for c in "\u066b\u2024"},
    **{ord(c): ";" for c in "\u061b"},
    **{ord(c): "," for c in "\u060c\u066c"},
    **{ord(c): "?" for c in "\u061f"},
    **{ord(c): "-" for c in "\u2022\u25cf\u25aa"},
    ord("\u0131"): "i",
    ord("\u00df"): "s",
    ord("\u2265"): "\x01",
    ord("\u2264"): "\x02",
}
AT_LEAST, AT_MOST = "\x01", "\x02"
"""What ``\u2265`` and ``\u2264`` become in a folded text."""


class _Fold(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character.isdigit():
        return str(unicodedata.digit(character))
    if character.isascii():
        return character.lower()
    base = unicodedata.normalize("NFKD", character)[0]
    if base.isascii() and (base.isalnum() or base == " "):
        return base.lower()
    return "q" if character.isalpha() else "\x7f"


_FOLD = _Fold(_TABLE)
_GARBLED = tuple(
    (sign.encode().decode("mac_roman"), meant)
    for sign, meant in (
        *((dash, " - ") for dash in "\u2013\u2014"),
        *(
            (sign, sign.rjust(len(sign.encode())))
            for sign in "\u2022\u201c\u201d\u00d7\u00b5\u03bc\u00b1\u00b0\u00b2\u00b3\u2265\u2264"
        ),
        *((quote, "'" * 3) for quote in "\u2018\u2019"),
    )
)
"""Signs whose UTF-8 was read as Mac Roman, as in the WHO's exports: what stands there, and what it means in as many characters."""
_MARKS = tuple(
    (mark, plain.ljust(len(mark)))
    for mark, plain in (
        *(("<br>", ""), ("<br/>", ""), ("<br />", ""), ("_x000d_", ""), ("&nbsp;", ""), ("&#32;", ""), ("&#160;", "")),
        *(("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", '"'), ("&#39;", "'"), ("&apos;", "'")),
        *(("&ge;", AT_LEAST), ("&le;", AT_MOST), ("&#8805;", AT_LEAST), ("&#8804;", AT_MOST), ("&#177;", "\x7f")),
    )
)
"""What exports write for line ends and signs, and what it means, filled up to the same length."""
_FOREIGN = re.compile(r"[^\x00-\x7f]")  # first, because bytes are folded in a tenth of the time of a text
_FOLDED_BYTES = bytes(ord(_FOLD[code]) for code in range(128)) + bytes(128)


def _fold_match(match: re.Match[str]) -> str:
    return _FOLD[ord(match[0])]


def fold(text: str) -> str:
    """Return *text* folded: ASCII, lower case, of the same length.

    >>> fold("Dose: 5–10 µg/cm² × ۱۲")
    'dose: 5-10 ug/cm2 x 12'
    """
    if not text.isascii():
        if "\u201a" in text or "\u221a" in text or "\u00ac" in text:
            for garbled, meant in _GARBLED:
                text = text.replace(garbled, meant)
        text = _FOREIGN.sub(_fold_match, text)
    folded = text.encode("ascii").translate(_FOLDED_BYTES).decode("ascii")
    if "**" in folded:
        folded = folded.replace("**", "  ")
    if "<br" in folded or "_x000d_" in folded or ("&" in folded and ";" in folded):
        for mark, plain in _MARKS:
            folded = folded.replace(mark, plain)
    return folded


_PERSIAN = str.maketrans("يك\u200c\u00a0\n\r\t۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "یک     " + "0123456789" * 2)

_PLAIN_BLANKS = bytes.maketrans(b"\n\r\t", b"   ")


def fold_persian(text: str) -> str:
    """Return *text* with one form of each Persian letter, plain digits and plain blanks, of the same length."""
    if text.isascii():
        return text.encode("ascii").translate(_PLAIN_BLANKS).decode("ascii")
    return text.translate(_PERSIAN)
