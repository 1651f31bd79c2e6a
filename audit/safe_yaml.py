"""YAML text -> nothing, or the error that it has aliases: a few lines of them can stand for gigabytes.

The nesting needs no limit of ours: libyaml refuses more than a thousand levels.
"""

from typing import cast

import yaml


def refuse_aliases(text: str) -> None:
    """Raise yaml.MarkedYAMLError where *text* has an alias (``*name``), or is no YAML."""
    if "&" not in text:
        return
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not allowed", problem_mark=cast(yaml.Mark, event.start_mark))
