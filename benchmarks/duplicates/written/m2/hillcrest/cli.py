"""Command line of hillcrest."""

from __future__ import annotations

import json

import click
import mlflow

from hillcrest.results import StudyResults


@click.group()
@click.option("--uri", envvar="HILLCREST_MLFLOW_URI", default=None)
def cli(uri):
    if uri:
        mlflow.set_tracking_uri(uri)


@cli.command()
@click.argument("experiment")
@click.argument("study")
@click.option("--maximize/--minimize", default=False)
@click.option("--metric", default="value")
def best(experiment, study, maximize, metric):
    """Show the best trial of a study."""
    df = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string="tags.`hillcrest.study` = '" + study + "' and tags.`hillcrest.trial_state` = 'COMPLETE'",
        order_by=["metrics.`%s` %s" % (metric, "DESC" if maximize else "ASC")],
    )
    if df.shape[0] < 1:
        raise click.ClickException("no complete trial")
    top = df.iloc[0]
    click.echo(json.dumps({"run_id": top["run_id"], metric: float(top["metrics." + metric])}))


@cli.command()
@click.argument("experiment")
@click.argument("study")
def show(experiment, study):
    click.echo(StudyResults(experiment, study).table().to_string())


@cli.command()
@click.argument("experiment")
@click.argument("study")
@click.confirmation_option(prompt="Delete all trials that failed?")
def prune(experiment, study):
    """Delete the failed trials of a study."""
    client = mlflow.MlflowClient()
    exp = client.get_experiment_by_name(experiment)
    for run in client.search_runs([exp.experiment_id], f"tags.`hillcrest.study` = '{study}' and status = 'FAILED'"):
        client.delete_run(run.info.run_id)


if __name__ == "__main__":
    cli()
