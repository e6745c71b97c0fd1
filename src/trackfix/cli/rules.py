"""``trackfix rules``."""

from __future__ import annotations

import click

from trackfix.cli.common import fail


@click.command("rules")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(format_: str) -> None:
    """List the lint rules that are installed, with the codemod that mends what they find."""
    from trackfix.lint.pages import read_page
    from trackfix.lint.registry import RuleError, available_rules
    from trackfix.report import rules

    try:
        pages = [read_page(entry) for entry in available_rules()]
    except RuleError as error:
        raise fail(str(error)) from None
    click.echo({"text": rules.text, "json": rules.json}[format_](pages))
