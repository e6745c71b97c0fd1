"""The defaults of the options of a command: those of argparse, click and typer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.expressions import keyword_value, last_name, string_value
from trackfix.project.run_logic.bodies import Body

# What the options that were read go by.
_PARSED = ("args", "opts", "options", "namespace", "ns", "parsed")
_TYPER = frozenset({"Argument", "Option"})


def option_defaults(body: Body) -> dict[str, ast.expr]:
    """The defaults of the options that a function gets, by the names that they have there.

    https://docs.python.org/3/library/argparse.html#dest
    https://click.palletsprojects.com/en/stable/options/#name-your-options
    """
    found = dict[str, ast.expr]()
    for name, default in body.defaults.items():
        if isinstance(default, ast.Call) and last_name(default.func) in _TYPER:
            found |= dict.fromkeys([name], default.args[0]) if default.args else {}
    decorators = () if isinstance(body.node, ast.Module) else body.node.decorator_list
    given = [part for part in decorators if isinstance(part, ast.Call)]
    found |= _defaults(part for part in given if last_name(part.func) in ("argument", "option"))
    has_parser = "add_argument" in body.file.document.code
    added = (call for each in body.file.bodies for call in each.calls) if has_parser else iter(())
    parsed = _defaults(call for call in added if last_name(call.func) == "add_argument")
    return found | {f"{name}.{dest}": d for name in _PARSED for dest, d in parsed.items()}


def _defaults(calls: Iterator[ast.Call]) -> dict[str, ast.expr]:
    found = dict[str, ast.expr]()
    for call in calls:
        default = keyword_value(call, "default")
        names = [text for part in call.args if (text := string_value(part))]
        plain = [name for name in names if not name.startswith("-")]
        long = [name for name in names if name.startswith("--")]
        dest = string_value(keyword_value(call, "dest")) or next(iter([*plain, *long, *names]), "")
        if default is not None and dest:
            found[dest.lstrip("-").replace("-", "_")] = default
    return found
