"""YAML text -> data in which a date is the text that stands there and only true and false are truth values.

YAML 1.1 makes a truth value of ``yes`` and ``no`` and a date of ``2024-06-15``; the files of the catalogue use the first
as keys and show impossible ones of the second.
"""

from typing import Any, cast

import yaml


class _Plain(yaml.CSafeLoader):
    """The loader; its resolvers are set below."""


_Plain.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag != "tag:yaml.org,2002:timestamp" and not (tag == "tag:yaml.org,2002:bool" and first not in "tTfF")
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def load_yaml(text: str) -> Any:
    """Return the data in *text*; raises yaml.MarkedYAMLError where it is no YAML.

    Aliases are refused: a few lines of them can stand for gigabytes. (libyaml itself refuses to nest too deep.)
    """
    if "&" in text:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise yaml.MarkedYAMLError(
                    problem="aliases (*name) are not allowed", problem_mark=cast(yaml.Mark, event.start_mark)
                )
    return yaml.load(text, Loader=_Plain)
