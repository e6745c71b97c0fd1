"""The defaults of the options of a command: those of argparse, click and typer."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

from trackfix.project.facts.expressions import keyword_value, last_name, string_value
from trackfix.project.run_logic.values.bodies import Body

# What the options that were read go by.
_PARSED = ("args", "opts", "options", "namespace", "ns", "parsed")
_TYPER = frozenset({"Argument", "Option"})
_CLICK = frozenset({"argument", "option"})


def option_defaults(body: Body) -> dict[str, ast.expr]:
    """The defaults of the options that a function gets, by the names that they have there.

    https://docs.python.org/3/library/argparse.html#dest
    https://click.palletsprojects.com/en/stable/options/#name-your-options
    """
    return _of_typer(body) | _of_click(body) | _of_argparse(body)


def _of_typer(body: Body) -> dict[str, ast.expr]:
    found = {}
    for name, option in body.defaults.items():
        if isinstance(option, ast.Call) and last_name(option.func) in _TYPER:
            default = option.args[0] if option.args else keyword_value(option, "default")
            if default is not None:
                found[name] = default
    return found


def _of_click(body: Body) -> dict[str, ast.expr]:
    if isinstance(body.node, ast.Module):
        return {}
    calls = [part for part in body.node.decorator_list if isinstance(part, ast.Call)]
    return dict(_defaults(call for call in calls if last_name(call.func) in _CLICK))


def _of_argparse(body: Body) -> dict[str, ast.expr]:
    if "add_argument" not in body.file.document.code:
        return {}
    calls = [call for each in body.file.bodies for call in each.calls]
    parsed = defaultdict[str, list[ast.expr]](list)
    for name, default in _defaults(c for c in calls if last_name(c.func) == "add_argument"):
        parsed[name].append(default)
    # Of several parsers in a file nobody knows which one has read them.
    plain = {name: found[0] for name, found in parsed.items() if len(set(map(ast.dump, found))) < 2}
    return {f"{holder}.{name}": default for holder in _PARSED for name, default in plain.items()}


def _defaults(calls: Iterable[ast.Call]) -> Iterator[tuple[str, ast.expr]]:
    """The options that have a default, by the names that they go by."""
    for call in calls:
        default = keyword_value(call, "default")
        names = [text for part in call.args if (text := string_value(part))]
        told = string_value(keyword_value(call, "dest"))
        plain = [name for name in names if not name.startswith("-")]
        long = [name for name in names if name.startswith("--")]
        if default is not None and (told or names):
            name = told or [*plain, *long, *names][0]
            yield name.lstrip("-").replace("-", "_"), default
