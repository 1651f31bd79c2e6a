"""A language file -> the sentences of an audit: messages, questions, reasons."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from audit.folders import folder
from audit.model.check import Check
from audit.model.result import Finding, Reason
from audit.model.span import Value

_LONGEST = 160


@dataclass(frozen=True)
class Words:
    """One language: the report's own words by key, and where it has them the words of the checks."""

    language: str
    direction: str
    report: dict[str, Any]
    checks: dict[str, dict[str, str]]
    _reasons: dict[Reason, str] = field(default_factory=dict, compare=False, repr=False)
    """The reasons worded so far: a batch gives the same ones again and again."""

    @classmethod
    @lru_cache
    def of(cls, language: str) -> "Words":
        """Return the words of *language*, a file of ``report_templates/languages``."""
        path = folder("report_templates") / "languages" / f"{language}.yaml"
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return cls(language, data.pop("direction"), data, data.pop("checks", {}))

    def title(self, check: Check) -> str:
        """Return the title of *check*."""
        return self.checks.get(check.code, {}).get("title", check.title)

    def message(self, finding: Finding) -> str:
        """Return what the record says, in one or two sentences."""
        return self._filled(self.checks.get(finding.check.code, {}).get("message", finding.check.message), finding)

    def question(self, finding: Finding) -> str:
        """Return the question to the registrant."""
        return self._filled(self.checks.get(finding.check.code, {}).get("question", finding.check.question), finding)

    def reason(self, reason: Reason) -> str:
        """Return why something cannot be told."""
        if reason not in self._reasons:
            self._reasons[reason] = self._reason(reason)
        return self._reasons[reason]

    def _reason(self, reason: Reason) -> str:
        text: str = self.report["reasons"][reason.kind]
        about = reason.about if reason.kind in ("text", "broken") else reason.about.replace("_", " ")
        return text.format(field=about)

    def _filled(self, sentence: str, finding: Finding) -> str:
        return sentence.format_map({name: self.said(value) for name, value in finding.blanks.items()})

    def said(self, value: object) -> str:
        """Return a value as it stands in a sentence: long texts are shortened, lists joined."""
        if isinstance(value, Value):
            text = " ".join(value.text.replace("**", "").split()) if value.text else self.report["nothing"]
            return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"
        if value is None:
            return str(self.report["nothing"])
        if isinstance(value, bool):
            return str(self.report["yes" if value else "no"])
        if isinstance(value, tuple | list):
            parts = [self.said(part) for part in value]
            joint = f" {self.report['and']} "
            return joint.join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)
