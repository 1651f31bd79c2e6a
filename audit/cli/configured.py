"""Options and the configuration that applies -> the options in force, each with where it comes from; the command line wins."""

import functools
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from audit.config import Configuration

_OPTIONS = (
    click.option(
        "--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
        help="Settings and waivers [default: trial-audit.toml beside the input or above it].",
    ),
    click.option("--no-config", is_flag=True, help="Use no configuration, and so no waivers, although there is one."),
)  # fmt: skip
_NO_OPTION = ("severity",)
"""Keys that only a configuration has."""


def configured(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give *command* ``--config`` and ``--no-config``; it is called with the options in force and ``configuration``."""

    @functools.wraps(command)
    def run(config: Path | None, no_config: bool, **options: Any) -> Any:
        from audit.config import Configuration, find, read

        ctx = click.get_current_context()
        place = None if no_config else config or find(options["paths"])
        configuration = read(place) if place else Configuration()
        return command(configuration=configuration, **in_force(ctx, configuration, options))

    for option in reversed(_OPTIONS):
        option(run)
    return run


def in_force(ctx: click.Context, configuration: "Configuration", options: Mapping[str, Any]) -> dict[str, Any]:
    """Return *options* with what the configuration sets in place of defaults."""
    merged = {**options, "severity": configuration.values.get("severity", {}), "as_of_today": False}
    for key, value in configuration.values.items():
        name = key.replace("-", "_")
        if name not in options or not _is_default(ctx, name) or (key == "skip" and not _is_default(ctx, "checks")):
            continue
        if key == "fail-on" and ctx.command.name != "check":
            continue  # a report never fails unless it is told to on its own command line
        merged[name] = value
        if key == "as-of" and isinstance(value, str):
            merged |= {"as_of": None, "as_of_today": value == "today"}
        if key == "lang" and isinstance(options[name], tuple):
            merged[name] = (value,)
    return merged


def _is_default(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) in (ParameterSource.DEFAULT, None)


def shown(ctx: click.Context, configuration: "Configuration", options: Mapping[str, Any]) -> str:
    """Return the settings in force as TOML, each with where it comes from."""
    from audit.config import KEYS

    file = configuration.file.as_posix() if configuration.file else None
    lines = [f"# configuration: {file or 'none found'}"]
    for key in KEYS:
        name, value = key.replace("-", "_"), options.get(key.replace("-", "_"))
        if key == "as-of" and value is None:
            value = "today" if options["as_of_today"] else "record"
        from_file = key in configuration.values and (key in _NO_OPTION or _is_default(ctx, name))
        if key == "skip" and not _is_default(ctx, "checks"):
            from_file = False
        origin = file if from_file else "default" if key in _NO_OPTION or _is_default(ctx, name) else "command line"
        if value is None:
            lines.append(f"# {key} is not set")
        else:
            lines.append(f"{key} = {_toml(value)}  # {origin}")
    lines.append(f"# waivers: {len(configuration.waivers)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }" if value else "{}"
    return json.dumps(value.as_posix() if isinstance(value, Path) else str(value), ensure_ascii=False)
