"""YAML text -> data in which a date is the text that stands there and only true and false are truth values.

YAML 1.1 makes a truth value of ``yes`` and ``no`` and a date of ``2024-06-15``; the files of the catalogue use the first
as keys and show impossible ones of the second.
"""

from typing import Any

import yaml

from audit.safe_yaml import refuse_aliases


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


def load_yaml(text: str, *, aliases: bool = False) -> Any:
    """Return the data in *text*; raises yaml.MarkedYAMLError where it is no YAML, or has *aliases* although they are not allowed."""
    if aliases:
        return yaml.load(text, Loader=_Plain)
    refuse_aliases(text)
    loader = _Plain(text)
    try:
        return _data(loader, loader.get_single_node())
    finally:
        loader.dispose()


def _data(loader: _Plain, node: Any) -> Any:
    """Return what a node stands for; the usual kinds here, because the loader's own way takes twice as long."""
    tag = getattr(node, "tag", None)
    if tag == "tag:yaml.org,2002:str":
        return node.value
    if tag == "tag:yaml.org,2002:map":
        if odd := next((key for key, _ in node.value if not isinstance(key, yaml.ScalarNode)), None):
            raise yaml.MarkedYAMLError(problem="a key is one word or text", problem_mark=odd.start_mark)
        return {_data(loader, key): _data(loader, value) for key, value in node.value}
    if tag == "tag:yaml.org,2002:seq":
        return [_data(loader, one) for one in node.value]
    return loader.construct_object(node, deep=True) if node is not None else None
