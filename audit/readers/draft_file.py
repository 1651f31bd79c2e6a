"""A draft file, YAML or JSON -> its registration, in which every value knows its line and column.

Only plain YAML is understood: no tags, no anchors and aliases, nothing that could run or grow. Size, depth and the number
of values are bounded before anything is built.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from audit.errors import UnreadableError
from audit.model.registration import Registration
from audit.model.span import Source
from audit.readers.decode import decode
from audit.readers.draft import DraftError, Written, registration
from audit.readers.opened import Opened

MARK = "trial-audit-draft"
"""The key that a draft begins with; its value is the version of the form."""
VERSION = "1"
_BEGINS = re.compile(r"""^[\s{]*["']?trial-audit-draft["']?[ \t]*:|^#[^\n]*\$schema=\S*trial-audit-draft""", re.M)
_START = 2048
_LARGEST = 2 * 1024 * 1024
_DEEPEST = 12
_MOST = 20_000
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_ENDS = re.compile("[\x85\u2028\u2029]")
"""What ends a line in YAML and is a letter as any other in JSON."""
_NULL = "tag:yaml.org,2002:null"
_SCALAR, _MAPPING = yaml.ScalarNode, yaml.MappingNode


def is_draft(start: str) -> bool:
    """Return whether a file that begins with *start* says that it is a draft: by its first key or by its schema line."""
    return _BEGINS.search(start[:_START]) is not None


def read(opened: Opened) -> Iterator[Registration | UnreadableError]:
    """Yield the registration of a draft, or an UnreadableError for each thing in it that is not understood, with its line."""
    with opened.stream() as stream:
        raw = stream.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise UnreadableError(f"a draft is at most {_LARGEST // 1024 // 1024} MB; this file is larger")
    data = _data(decode(raw))
    key = next((one for one in data if one == MARK), None)
    version = data.pop(MARK, VERSION)
    if version != VERSION:
        said = version if isinstance(version, str) else "of several parts"
        raise UnreadableError(
            f"the draft is of version {said}; this trial-audit reads version {VERSION}", getattr(key, "line", None)
        )
    data.pop("$schema", None)
    source = Source(opened.shown, "draft", "", opened.sha256, "structured")
    try:
        yield registration(data, source, is_draft=True)
    except DraftError as error:
        for mistake in error.mistakes:
            yield UnreadableError(mistake.said, mistake.line)


def _data(text: str) -> dict[str, Any]:
    """Return what stands in the YAML *text*, every text with its place; raise UnreadableError where it is not plain YAML."""
    if text.lstrip().startswith("{"):
        text = _ENDS.sub(lambda end: f"\\u{ord(end[0]):04x}", _PAIR.sub(_joined, text))
    try:
        _bounded(text)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.problem, error.context) if part)
        raise UnreadableError(f"this is no YAML: {said}", mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        said = str(error).splitlines()[0]
        raise UnreadableError(f"this is no YAML: {said}") from None
    if not isinstance(root, _MAPPING):
        line = root.start_mark.line + 1 if root is not None else None
        raise UnreadableError("a draft is a mapping of fields (trial-audit init writes one)", line)
    data: dict[str, Any] = _written(root, "", text.split("\n"))
    return data


def _joined(match: re.Match[str]) -> str:
    high, low = (int(half, 16) for half in match.groups())
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def _bounded(text: str) -> None:
    """Raise UnreadableError where the YAML is deeper or larger than a draft can be, or more than plain."""
    depth = count = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UnreadableError("anchors and aliases (& and *) are not understood in a draft; write the text out", line)
        if (tag := getattr(event, "tag", None)) is not None:
            raise UnreadableError(f"tags are not understood in a draft: {tag}", line)
        if isinstance(event, yaml.DocumentStartEvent) and count:
            raise UnreadableError("a draft is one YAML document; write one file for each registration", line)
        count += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise UnreadableError(f"a draft is at most {_DEEPEST} levels deep", line)
        if count > _MOST:
            raise UnreadableError(f"a draft has at most {_MOST} values", line)


def _written(node: yaml.Node, pointer: str, lines: list[str]) -> Any:
    if isinstance(node, _SCALAR):
        line, column = _place(node, lines)
        null = node.tag == _NULL
        return Written.at("" if null else node.value, pointer, line, column, null)
    if not isinstance(node, _MAPPING):
        return [_written(one, f"{pointer}/{at}", lines) for at, one in enumerate(node.value)]
    made: dict[Any, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, _SCALAR):
            raise UnreadableError("a key is to be a word", line)
        at = f"{pointer}/{key.value.replace('~', '~0').replace('/', '~1')}"
        if key.value in made:
            raise UnreadableError(f"the key {key.value} stands here a second time", line)
        made[Written.at(key.value, at, line, key.start_mark.column + 1)] = _written(value, at, lines)
    return made


def _place(node: yaml.ScalarNode, lines: list[str]) -> tuple[int, int]:
    """Return the line and column, from 1, where the text of *node* begins: of a block its first line, not its ``|``."""
    line, column = node.start_mark.line, node.start_mark.column
    if node.style in ("|", ">") and node.value.strip():
        first = next((at for at in range(line + 1, len(lines)) if lines[at].strip()), line)
        return first + 1, len(lines[first]) - len(lines[first].lstrip()) + 1
    return line + 1, column + 1
