"""``trackfix explain``."""

from __future__ import annotations

import click

from trackfix.cli.common import fail


@click.command("explain")
@click.argument("rule", metavar="CODE|NAME")
def command(rule: str) -> None:
    """Show the page of a lint rule: what it reports and why, an example, and its fix."""
    from trackfix.lint.pages import read_page
    from trackfix.lint.registry import RuleError, available_rules
    from trackfix.lint.selection import find_rule, suggestion

    try:
        rules = available_rules()
        entry = find_rule(rule, rules)
        if entry is None:
            raise fail(f"unknown rule '{rule}'{suggestion(rule, rules)}")
        click.echo(read_page(entry).text)
    except RuleError as error:
        raise fail(str(error)) from None
