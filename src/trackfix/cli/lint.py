"""``trackfix lint``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trackfix.cli.common import errors_in_one_line, fail
from trackfix.project.settings.config import RULE_SETS

_FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit")

# Which of them can show counts, and what does.
_COUNTED = {"text": "statistics", "concise": "statistics", "json": "statistics_json"}


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--rule-set",
    type=click.Choice(RULE_SETS),
    help="Start from these rules, instead of those of the settings.",
)
@click.option("--select", multiple=True, metavar="RULES", help="Run these rules only.")
@click.option("--extend-select", multiple=True, metavar="RULES", help="Run these rules, too.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Do not run these rules.")
@click.option("--fix", "fixes", is_flag=True, help="Mend what can be mended safely.")
@click.option("--unsafe-fixes", is_flag=True, help="Also mend where the proof is missing.")
@click.option("--diff", is_flag=True, help="Show what --fix would change; write nothing.")
@click.option(
    "--add-ignores", is_flag=True, help="Write a comment that ignores it for each finding."
)
@click.option("--output-format", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Report only what this file does not hold.",
)
@click.option("--update-baseline", is_flag=True, help="Write all findings to the baseline.")
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    help="The file that '-' stands for, as an editor has it.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 although there are findings.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Share the work among N processes at most, instead of as many as there are processors.",
)
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
def command(
    paths: tuple[Path, ...],
    rule_set: str | None,
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    fixes: bool,
    unsafe_fixes: bool,
    diff: bool,
    add_ignores: bool,
    output_format: str,
    statistics: bool,
    baseline: Path | None,
    update_baseline: bool,
    stdin_filename: Path | None,
    exit_zero: bool,
    jobs: int | None,
    no_cache: bool,
) -> None:
    """Check the repository that PATHS are in, and report what is found in PATHS. '-' reads one
    file from standard input. RULES are codes, names, or the start of a code such as TRK2, with
    commas between them."""
    from trackfix.cli.lint_run import Request, run
    from trackfix.lint.selection import RuleOptions, split_selectors

    if update_baseline and baseline is None:
        raise fail("--update-baseline needs --baseline FILE")
    is_stdin = paths == (Path("-"),)
    if stdin_filename is not None and not is_stdin:
        raise fail("--stdin-filename needs '-' as the only path")
    for path in () if is_stdin else paths:
        if not path.exists():
            is_dash = path == Path("-")
            hint = "it reads standard input as the only path" if is_dash else "check the path"
            raise fail(f"{path}: does not exist; {hint}")
    chosen = {"--select": select, "--extend-select": extend_select, "--ignore": ignore}
    for option, values in chosen.items():
        if values and not split_selectors(values):
            raise fail(f"{option} names no rule; leave it out, or see 'trackfix rules'")
    options = RuleOptions(
        split_selectors(select) if select else None,
        split_selectors(extend_select),
        split_selectors(ignore),
        rule_set or "",
    )
    if statistics and output_format not in _COUNTED:
        raise fail(f"--statistics goes with --output-format {', '.join(_COUNTED)} only")
    request = Request(
        paths=(stdin_filename or Path("stdin.py"),) if is_stdin else paths or (Path(),),
        options=options,
        stdin=sys.stdin.buffer.read() if is_stdin else None,
        fixes=fixes or diff,
        unsafe=unsafe_fixes,
        diff=diff,
        add_ignores=add_ignores,
        output_format=_COUNTED[output_format] if statistics else output_format,
        baseline=baseline,
        update_baseline=update_baseline,
        cached=not no_cache,
        jobs=jobs,
        exit_zero=exit_zero,
        arguments=click.get_current_context().obj,
    )
    with errors_in_one_line():
        code = run(request)
    raise click.exceptions.Exit(code)
