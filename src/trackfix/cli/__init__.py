"""The command line. Each command is imported when it is called."""

from __future__ import annotations

import importlib

import click

from trackfix import __version__

_COMMANDS = {
    "init": "Write settings for a repository, with what is found there.",
    "lint": "Check a repository by the lint rules.",
    "scan": "List the re-export modules of a repository.",
    "resolve": "Tell where a name really comes from.",
    "apply": "Move every reference to the real module.",
    "undo": "Take back the last apply.",
    "report": "Write a page that shows all this to a team.",
    "rules": "List the lint rules.",
    "explain": "Show the page of a lint rule.",
}


_ALIASES = {"check": "lint"}


class _LazyGroup(click.Group):
    """Knows its commands by name, and imports one when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = _ALIASES.get(cmd_name, cmd_name)
        if name not in _COMMANDS:
            return None
        module = importlib.import_module(f"trackfix.cli.{name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            close = difflib.get_close_matches(args[0], _COMMANDS, 1)
            if close:
                raise click.UsageError(f"{error.message} Did you mean '{close[0]}'?", ctx) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="trackfix", message="%(prog)s %(version)s")
def cli() -> None:
    """Find the re-export modules of a repository and move every reference to the real module."""


def main(arguments: tuple[str, ...]) -> None:
    """Run what was typed behind ``trackfix``. Exits with 0, 1 or 2 as the README says."""
    cli(args=list(arguments), prog_name="trackfix", obj=arguments)
