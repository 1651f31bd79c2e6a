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
from audit.model.result import Finding, Reason
from audit.model.span import Value

_LONGEST = 160
LANGUAGE_OF = {"ltr": "en", "rtl": "fa"}
"""What words of a record are taken to be written in, by their direction."""
LTR, FIRST_STRONG, END = "\u2066", "\u2068", "\u2069"
"""The isolates: begin of what runs left to right, begin of what runs as its first letter does, end of both."""
_CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
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

    @classmethod
    @lru_cache
    def of(cls, language: str, templates: Path | None = None) -> "Words":
        """Return the words of *language*, a file of ``report_templates/languages``; raises AuditError where there is none.

        What the same file below the folder *templates* says stands in for it, key by key.
        """
        path = folder("report_templates") / "languages" / f"{language}.yaml"
        if not path.is_file():
            there = ", ".join(sorted(one.stem for one in path.parent.glob("*.yaml")))
            raise AuditError(f"there is no language {language}; there are {there}")
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        own = templates / "languages" / path.name if templates else None
        if own and own.is_file():
            data = _over(data, yaml.load(own.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {})
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
        return self._filled(own, finding) if own else self._english(self._filled(finding.check.message, finding))

    def question(self, finding: Finding) -> str:
        """Return the question to the registrant."""
        own = self._own(finding.check, "question")
        return self._filled(own, finding) if own else self._english(self._filled(finding.check.question, finding))

    def _own(self, check: Check, part: str) -> str | None:
        """Return a part of a check in this language, or None where it is only in English (a check of the user's own)."""
        return self.checks.get(check.code, {}).get(part)

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
        return form.format(n=self.number(number))

    def number(self, number: float) -> str:
        """Return a number in the digits of the language; a whole number without decimals."""
        if isinstance(number, float) and number.is_integer():
            number = int(number)
        if not self.rtl:
            return str(number)
        return _persian(number)

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
        return str(format_list(list(parts), locale=self.locale)).replace(", and ", " and ") if parts else ""

    def field(self, name: str) -> str:
        """Return what a field of the model is called, for reasons and work lists: its label in the language, else its name in words."""
        named: dict[str, str] = self.report.get("fields", {})
        return named.get(name) or self.apart(name.replace("_", " "))

    def apart(self, text: str) -> str:
        """Return words that are not of the sentence, set apart where their direction is or may be another."""
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
        return sentence.format_map({name: self.said(value) for name, value in finding.blanks.items()})

    def said(self, value: object) -> str:
        """Return a value as it stands in a sentence: long texts are shortened, lists joined, what is foreign set apart."""
        if isinstance(value, Value):
            text = " ".join(value.text.replace("**", "").split())
            if not text:
                return str(self.report["nothing"])
            return self.apart(text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …")
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


@lru_cache(maxsize=4096)
def _persian(number: float) -> str:
    return str(format_decimal(number, "#0.###", locale="fa")).translate(_PERSIAN_DIGITS)


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
