"""Compare runs."""
from __future__ import annotations

from typing import Any

import click

from runctl import lookup
from runctl.formats import FORMATS


def differences(left: dict[str, Any], right: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for key in sorted(set(left) | set(right)):
        if left.get(key) != right.get(key):
            rows.append({"key": key, "left": left.get(key, "-"), "right": right.get(key, "-")})
    return rows


@click.command()
@click.argument("experiment")
@click.argument("left")
@click.argument("right")
@click.option("--format", "style", type=click.Choice(sorted(FORMATS)), default="table")
def compare(experiment: str, left: str, right: str, style: str) -> None:
    """What is different between two runs."""
    a, b = lookup.run(experiment, left), lookup.run(experiment, right)
    rows = differences(dict(a.data.params), dict(b.data.params))
    rows += differences(dict(a.data.metrics), dict(b.data.metrics))
    click.echo(FORMATS[style](rows))
