"""The command line of cardwright."""

import json

import click

from cardwright._mlflow import client


@click.group()
def main():
    """Cards, audits and retention for MLflow runs."""


@main.command()
@click.argument("run_id")
def card(run_id):
    """Print the card of a run."""
    from cardwright.cards import CardBuilder

    click.echo(CardBuilder().build(run_id))


@main.command()
@click.argument("model")
@click.option("--experiment-id", "-e", multiple=True)
def approved(model, experiment_id):
    """Print the run of a model that is in use."""
    from cardwright.review import approved_run

    run = approved_run(model, list(experiment_id))
    if run is None:
        raise click.ClickException(f"no approved run of {model}")
    click.echo(run.info.run_id)


@main.command()
@click.option("--experiment-id", "-e", multiple=True)
def audit(experiment_id):
    """Check all runs and write the findings down."""
    from cardwright import auditlog
    from cardwright.compliance import check

    findings = {}
    for run in client().search_runs(list(experiment_id)):
        problems = check(run)
        if problems:
            findings[run.info.run_id] = problems
    click.echo(json.dumps(findings, indent=2))
    click.echo(auditlog.record(findings))


@main.command()
@click.option("--experiment-id", "-e", multiple=True)
@click.option("--yes", is_flag=True)
def sweep(experiment_id, yes):
    """Delete expired runs."""
    from cardwright.retention import Sweeper

    for run_id in Sweeper(dry_run=not yes).sweep(list(experiment_id)):
        click.echo(run_id)


if __name__ == "__main__":
    main()
