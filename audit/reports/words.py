"""A language file -> the sentences of an audit: messages, questions, reasons, numbers, days, lists.

Plurals, numbers and lists are CLDR's (by Babel). What is foreign to a sentence (words of the record, dates, ids, doses) is set
apart in it by Unicode's isolates, so that no direction reaches over: a first-strong isolate around words of a record, a
left-to-right one around what is always written so. `audit.reports.html` turns them into ``<bdi>``.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal

from audit.errors import AuditError
from audit.folders import folder
from audit.model.check import Check
from audit.model.dates import PartialDate, to_jalali
from audit.model.registration import Count, DateValue
from audit.model.result import Finding, Phrase, Reason
from audit.model.span import EMPTY, Value
from audit.safe_yaml import refuse_aliases

_LONGEST = 160
LANGUAGE_OF = {"ltr": "en", "rtl": "fa"}
"""What words of a record are taken to be written in, by their direction."""
LTR, FIRST_STRONG, END = "\u2066", "\u2068", "\u2069"
"""The isolates: begin of what runs left to right, begin of what runs as its first letter does, end of both."""
_CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u05f4\u0620-\u064a\u066e-\u06d5\u06fa-\u08c7\ufb1d-\ufdff\ufe70-\ufefc]")
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_INSIDE = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(?:contact\.)?(\w+))?")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Words:
    """One language: the report's own words by key, and where it has them the words of the checks."""

    language: str
    direction: str
    report: dict[str, Any]
    checks: dict[str, dict[str, str]]
    locale: Locale
    _reasons: dict[Reason, str] = field(default_factory=dict, compare=False, repr=False)
    """The reasons worded so far: a batch gives the same ones again and again."""
    _last: list[tuple[Finding, dict[str, str]]] = field(default_factory=list, compare=False, repr=False)
    """The finding worded last with its blanks in words: its message and its question have the same."""

    @classmethod
    @lru_cache
    def of(cls, language: str, templates: Path | None = None) -> "Words":
        """Return the words of *language*, a file of ``report_templates/languages``; raises AuditError where there is none.

        The words of the checks stand in a folder beside it, ``<language>/<FAMILY>.yaml``. What the same files below the folder
        *templates* say stands in for them, key by key.
        """
        path = folder("report_templates") / "languages" / f"{language}.yaml"
        if not language.isalpha() or not path.is_file():
            there = ", ".join(sorted(one.stem for one in path.parent.glob("*.yaml")))
            raise AuditError(f"there is no language {language}; there are {there}")
        data = _read(path)
        for root in (path.parent, *([templates / "languages"] if templates else [])):
            read = _read if root == path.parent else _own_words
            if root != path.parent and (root / path.name).is_file():
                data = _over(data, read(root / path.name))
            for family in sorted((root / language).glob("*.yaml")):
                data = _over(data, {"checks": read(family)})
        return cls(language, data.pop("direction"), data, data.pop("checks", {}), Locale.parse(language))

    @property
    def rtl(self) -> bool:
        """Whether the language is written from right to left."""
        return self.direction == "rtl"

    def title(self, check: Check) -> str:
        """Return the title of *check*."""
        return self._own(check, "title") or self._english(check.title)

    def rationale(self, check: Check) -> str:
        """Return why *check* matters."""
        return self._own(check, "rationale") or self._english(check.rationale)

    def message(self, finding: Finding) -> str:
        """Return what the record says, in one or two sentences."""
        own = self._own(finding.check, "message")
        return self._filled(own, finding) if own else self._english(self._in_english._filled(finding.check.message, finding))

    def dated(self, finding: Finding, as_of: str) -> str:
        """Return the message, with the day it was decided against where the finding depends on that."""
        said = self.message(finding)
        return f"{said} {self.report['report']['on_as_of'].format(day=self.day(as_of))}" if finding.depends_on_as_of else said

    def waived(self, finding: Finding) -> str:
        """Return what there is to say of the waiver of a finding, in force or not; "" where it has none."""
        waiver = finding.waiver
        if waiver is None:
            return ""
        kind = finding.lapsed.value if finding.lapsed else "in_force"
        return self.of_waiver(kind, waiver.owner, waiver.reason, waiver.until.isoformat())

    def of_waiver(self, kind: str, owner: str, reason: str, until: str) -> str:
        """Return what there is to say of a waiver; *kind* is ``in_force``, or why it is not."""
        said: str = self.report["report"]["waiver"][kind]
        return said.format(owner=self.apart(owner), reason=self.apart(reason), until=self.day(until))

    def question(self, finding: Finding) -> str:
        """Return the question to the registrant."""
        own = self._own(finding.check, "question")
        return self._filled(own, finding) if own else self._english(self._in_english._filled(finding.check.question, finding))

    def _own(self, check: Check, part: str) -> str | None:
        """Return a part of a check in this language, or None where it is only in English (a check of the user's own)."""
        return self.checks.get(check.code, {}).get(part)

    @property
    def _in_english(self) -> "Words":
        return self if self.language == "en" else Words.of("en")

    def _english(self, sentence: str) -> str:
        """Return a sentence that is only in English, set apart where the language runs the other way."""
        return f"{LTR}{sentence}{END}" if self.rtl else sentence

    def reason(self, reason: Reason) -> str:
        """Return why something cannot be told."""
        if reason not in self._reasons:
            self._reasons[reason] = self._reason(reason)
        return self._reasons[reason]

    def counted(self, what: str, number: int) -> str:
        """Return a number with its noun in the plural form that the language has for it: "3 records"."""
        forms: dict[str, str] = self.report["report"]["counted"][what]
        form = forms.get(self.locale.plural_form(number), forms["other"])
        return form.format(n=self.number(number, grouped=True))

    def number(self, number: float, grouped: bool = False) -> str:
        """Return a number in the digits of the language; a whole number without decimals, its thousands apart when *grouped*."""
        if isinstance(number, float) and number.is_integer():
            number = int(number)
        if isinstance(number, int) and not (grouped and number >= 1000):
            return str(number).translate(_PERSIAN_DIGITS) if self.rtl else str(number)
        return self._figure(number, "#,##0.###" if grouped else "#0.###") if self.rtl or grouped else str(number)

    def decimal(self, number: float) -> str:
        """Return a number with one decimal: "12.5"."""
        return self._figure(number, "#0.0")

    def percent(self, share: float, decimals: int = 1) -> str:
        """Return a share as a percentage: "12.5%"."""
        figure = self._figure(share * 100, f"#0.{'0' * decimals}".rstrip("."))
        return f"{figure}٪" if self.rtl else f"{figure}%"

    def _figure(self, number: float, pattern: str) -> str:
        """Return a number in CLDR's *pattern*, with the digits and marks of the language."""
        shown = format_decimal(number, pattern, locale=self.locale, numbering_system="default")
        return str(shown).translate(_PERSIAN_DIGITS) if self.rtl else str(shown)

    def day(self, day: date | str | PartialDate) -> str:
        """Return a date: ISO; in Persian the Jalali day first and the ISO date beside it."""
        shown = str(day)
        if not self.rtl:
            return shown
        apart = f"{LTR}{shown}{END}"
        if not _ISO_DAY.fullmatch(shown):
            return apart
        year, month, number = to_jalali(date.fromisoformat(shown))
        months = self.report["jalali_months"]
        return f"{self.number(number)} {months[month - 1]} {self.number(year)} ({apart})"

    def listed(self, parts: Iterable[str]) -> str:
        """Return several things as one list of the language: "a, b and c"."""
        parts = list(parts)
        pattern = format_list([f"{{{at}}}" for at in range(len(parts))], locale=self.locale) if parts else ""
        return str(pattern).replace(", and ", " and ").replace("، و ", " و ").format(*parts)

    def field(self, name: str) -> str:
        """Return what a field of the model is called, for reasons: its label in the language, else its name in words.

        Of ``ethics_reviews[0].approval_date`` the label of the group with its number, and that of ``approval_date``.
        """
        named: dict[str, str] = self.report.get("fields", {})
        if not name.isidentifier() and (inside := _INSIDE.fullmatch(name)):
            group, number, part = inside.groups()
            numbered = f"{self.field(group)} {self.number(int(number) + 1)}" if number else self.field(group)
            return f"{numbered}: {self.field(part)}" if part else numbered
        return named.get(name) or self.apart(name.replace("_", " "))

    def coded(self, value: Value) -> str | None:
        """Return the language's word for what a field with a code says (``assignment.single`` before ``single``), or None."""
        code: str | None = getattr(value, "code", None)
        terms: dict[str, str] = self.report.get("terms", {})
        return (terms.get(f"{value.field}.{code}") or terms.get(code)) if code else None

    def _own_words(self, value: Value) -> str | None:
        """Return what is the same in any language of a field (that it is empty, its number, its day) in the language's own way."""
        if value.state is EMPTY:
            empty: str | None = self.report.get("terms", {}).get("empty")
            return empty
        if isinstance(value, Count) and value.number is not None and value.folded.strip() == str(value.number):
            return self.number(value.number)
        if isinstance(value, DateValue) and value.date is not None:
            half = value.jalali if value.date.exact else None
            if half is None or (half.year, half.month, half.day) == to_jalali(value.date.first):
                return self.day(value.date)
        return None

    def apart(self, text: str) -> str:
        """Return words that are not of the sentence, set apart where their direction is or may be another."""
        if not self.rtl and text.isascii():
            return text
        text = _CONTROLS.sub("", text)
        return f"{FIRST_STRONG}{text}{END}" if text and (self.rtl or _RIGHT_TO_LEFT.search(text)) else text

    def _reason(self, reason: Reason) -> str:
        text: str = self.report["reasons"][reason.kind]
        if reason.kind in ("text", "broken"):
            about = self.report.get("texts", {}).get(reason.about) or self.apart(reason.about)
        else:
            about = self.field(reason.about)
        return text.format(field=about)

    def _filled(self, sentence: str, finding: Finding) -> str:
        last = self._last[0] if self._last else None
        if last is None or last[0] is not finding:
            last = finding, {name: self.said(value) for name, value in finding.blanks.items()}
            self._last[:] = (last,)
        return sentence.format_map(last[1])

    def said(self, value: object) -> str:
        """Return a value as it stands in a sentence: long texts are shortened, lists joined, what is foreign set apart."""
        if isinstance(value, Value):
            if self.rtl and (own := self._own_words(value)):
                return own
            text = " ".join(value.text.replace("**", "").split()).removesuffix(" 00:00:00")
            if not text:
                return str(self.report["nothing"])
            return self.apart(text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …")
        if isinstance(value, Phrase):
            words, pattern = self, self.report.get("terms", {}).get(value.pattern)
            if pattern is None:
                words, pattern = self._in_english, value.pattern
            said: str = pattern.format_map({name: words.said(part) for name, part in value.values.items()})
            return said if words is self else self._english(said)
        if value is None:
            return str(self.report["nothing"])
        if isinstance(value, bool):
            return str(self.report["yes" if value else "no"])
        if isinstance(value, tuple | list):
            return self.listed([self.said(part) for part in value])
        if isinstance(value, int | float):
            return self.number(value)
        if isinstance(value, date | PartialDate):
            return self.day(value)
        text = str(value)
        term: str | None = self.report.get("terms", {}).get(text)
        return term or self.apart(text)


def _read(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}


def _own_words(path: Path) -> dict[str, Any]:
    """Return the user's own words in *path*; raises AuditError where it is no YAML mapping without aliases."""
    text = path.read_text(encoding="utf-8")
    try:
        refuse_aliases(text)
        data = yaml.load(text, Loader=yaml.CSafeLoader) or {}
    except yaml.YAMLError as error:
        raise AuditError(f"{path.as_posix()} cannot be used: {error}") from error
    if not isinstance(data, dict):
        raise AuditError(f"{path.as_posix()} is to be a mapping like report_templates/languages/en.yaml")
    return data


def _over(ours: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return *ours* with what *own* says in its place, key by key."""
    nested = {
        key: _over(ours[key], value) for key, value in own.items() if isinstance(value, dict) and isinstance(ours.get(key), dict)
    }
    return ours | own | nested


def direction(text: str) -> str:
    """Return the direction of *text* by its first letter, ``ltr`` or ``rtl``: said in words, because WeasyPrint knows no ``auto``."""
    for letter in text:
        if letter.isalpha():
            return "rtl" if unicodedata.bidirectional(letter) in ("R", "AL") else "ltr"
    return "ltr"
