"""Check files -> checks; every mistake of every file is told at once, with its line and what is allowed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from audit.engine import form
from audit.engine.plain_yaml import load_yaml
from audit.errors import AuditError
from audit.folders import leads_out
from audit.model.check import Check, Condition, Confidence, Escalation, Example, Reference, Severity

_NO_CHECKS = ("references.yaml", "measured.yaml")
"""Files of a catalogue that hold no check."""


@dataclass(frozen=True)
class Catalogue:
    """The checks in the order of their codes, and the SHA-256 over all files they were made from."""

    checks: tuple[Check, ...]
    sha256: str

    def chosen(self, only: Iterable[str] = (), skip: Iterable[str] = ()) -> tuple[Check, ...]:
        """Return the checks to run: all but those off by default, or those of the codes and families *only*, without *skip*.

        Raises AuditError for a code or family that does not exist.
        """
        only, skip = [name.upper() for name in only], [name.upper() for name in skip]
        known = {check.code for check in self.checks} | {check.family for check in self.checks}
        if unknown := [name for name in (*only, *skip) if name not in known]:
            raise AuditError(f"no such check or family: {', '.join(unknown)} (trial-audit checks lists them)")
        return tuple(
            check
            for check in self.checks
            if (check.code in only or check.family in only if only else not check.off)
            and check.code not in skip
            and check.family not in skip
        )


def load(*roots: Path) -> Catalogue:
    """Return the catalogue in the folders *roots* (``<family>/<CODE>-<name>.yaml``; ``references.yaml`` in the first).

    Raises AuditError that lists every mistake of every file: file, line, what is wrong, what is allowed.
    """
    import audit.engine.facts  # noqa: F401 - fills FACTS; only here, because `load_check` needs no facts

    checks: dict[str, Check] = {}
    mistakes: list[str] = []
    digest = hashlib.sha256()
    references = _references(roots[0])
    for root in roots:
        for path in sorted(
            path for path in root.rglob("*.yaml") if path.parent.name != "vocabulary" and path.name not in _NO_CHECKS
        ):
            if leads_out(path, root):
                mistakes.append(f"{_shown(path)} is a link that leads out of {root.as_posix()}")
                continue
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                mistakes.append(f"{_shown(path)}: not UTF-8: {error.reason} at byte {error.start}")
                continue
            digest.update(text.encode())
            check = _load_one(path, text, references, checks, mistakes)
            if check:
                checks[check.code] = check
    for root in roots:
        for path in sorted((root / "vocabulary").glob("*.yaml")):
            if leads_out(path, root):
                mistakes.append(f"{_shown(path)} is a link that leads out of {root.as_posix()}")
                continue
            digest.update(path.read_bytes())
    if mistakes:
        raise AuditError("the catalogue cannot be used:\n" + "\n".join(mistakes))
    return Catalogue(tuple(checks[code] for code in sorted(checks)), digest.hexdigest())


def load_check(roots: Iterable[Path], code: str) -> Check | None:
    """Return the one check *code*, or None when there is no file of it; raises AuditError when the file is wrong."""
    roots = tuple(roots)
    path = next((path for root in roots for path in sorted(root.rglob(f"{code}-*.yaml"))), None)
    if path is None:
        return None
    text, references = path.read_text(encoding="utf-8"), _references(roots[0])
    try:
        return _check(path, _shown(path), load_yaml(text), references)
    except Exception as error:  # what is wrong is told in the loader's words
        mistakes: list[str] = []
        if _load_one(path, text, references, {}, mistakes) is None:
            raise AuditError("the check cannot be used:\n" + "\n".join(mistakes)) from error
        raise


def measured(root: Path) -> dict[str, Any]:
    """Return what was measured of each check on labelled data: ``data`` says on which, ``checks`` has the figures by code.

    Empty where nothing was measured (``measured.yaml``, made by ``make validity``).
    """
    path = root / "measured.yaml"
    return dict(load_yaml(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _references(root: Path) -> dict[str, Any]:
    references: dict[str, Any] = load_yaml((root / "references.yaml").read_text(encoding="utf-8"))
    return references


def _load_one(path: Path, text: str, references: dict[str, Any], known: dict[str, Check], mistakes: list[str]) -> Check | None:
    shown = _shown(path)
    try:
        data = load_yaml(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        mistakes.append(f"{shown}:{line}: not YAML: {error.problem}")
        return None
    except yaml.YAMLError as error:  # a character that YAML does not allow
        mistakes.append(f"{shown}: not YAML: {' '.join(str(error).split())}")
        return None
    if not isinstance(data, dict):
        mistakes.append(f"{shown}:1: a check is a mapping with the keys {', '.join(form.REQUIRED)}")
        return None
    wrong = list(form.mistakes(path, data, references))
    if data.get("code") in known:
        wrong.append((("code",), f"the code {data['code']} is used twice; the other file is {known[data['code']].file}"))
    if wrong:
        mistakes += [f"{shown}:{form.line(text, where)}: {what}" for where, what in wrong]
        return None
    return _check(path, shown, data, references)


def _check(path: Path, shown: str, data: dict[str, Any], references: dict[str, Any]) -> Check:
    return Check(
        code=data["code"],
        name=path.stem[5:],
        title=_flat(data["title"]),
        severity=Severity(data["severity"]),
        confidence=Confidence(data["confidence"]),
        responsible=data.get("responsible", "registrant"),
        cluster=data["cluster"],
        registries=tuple(data.get("registries", ())),
        when=tuple(map(_condition, data.get("when", ()))),
        expect=tuple(map(_condition, data["expect"])),
        escalate=tuple(map(_escalation, data.get("escalate", ()))),
        evidence=tuple(data.get("evidence", ())),
        message=_flat(data["message"]),
        question=_flat(data["question"]),
        rationale=_flat(data["rationale"]),
        references=tuple(_reference(references[key]) for key in data["references"]),
        known_limits=tuple(map(_flat, data.get("known_limits", ()))),
        off=data.get("off", False),
        examples=tuple(
            Example(verdict, _flat(one["why"]), one["record"], _flat(one["says"]) if "says" in one else None)
            for kind, verdict in form.VERDICTS.items()
            for one in data["examples"].get(kind, ())
        ),
        file=shown,
        needs=data.get("needs"),
    )


def _flat(text: str) -> str:
    return " ".join(str(text).split())


def _condition(data: dict[str, Any]) -> Condition:
    (word,) = data.keys() - {"field"}
    operand = data[word]
    return Condition(data["field"], word, tuple(operand) if isinstance(operand, list) else operand)


def _escalation(data: dict[str, Any]) -> Escalation:
    severity, confidence = data.get("severity"), data.get("confidence")
    return Escalation(
        tuple(map(_condition, data["when"])),
        Severity(severity) if severity else None,
        Confidence(confidence) if confidence else None,
    )


def _reference(data: dict[str, Any]) -> Reference:
    verified = data.get("verified", True)
    return Reference(data["document"], str(data["item"]) if verified and data.get("item") else None, data.get("url"))
