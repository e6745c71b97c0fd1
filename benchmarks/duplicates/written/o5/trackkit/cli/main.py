"""trackkit command."""
import json
import sys
from pathlib import Path

import click
import mlflow
from mlflow import MlflowClient

from trackkit._compat import list_artifacts
from trackkit.config import load_config
from trackkit.errors import TrackkitError


class Group(click.Group):
    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except TrackkitError as exc:
            click.secho(str(exc), fg="red", err=True)
            sys.exit(exc.exit_code)


@click.group(cls=Group)
@click.option("--project", help="instead of the one of pyproject.toml")
@click.pass_context
def cli(ctx, project):
    cfg = load_config(project=project)
    mlflow.set_tracking_uri(cfg.tracking_uri)
    ctx.obj = cfg


def _find(cfg, ref):
    """run id or run name"""
    client = MlflowClient()
    if len(ref) == 32 and all(c in "0123456789abcdef" for c in ref):
        return client.get_run(ref)
    exp = client.get_experiment_by_name(cfg.experiment_name)
    if exp is None:
        raise click.ClickException(f"no experiment {cfg.experiment_name}")
    named = [r for r in client.search_runs([exp.experiment_id]) if r.info.run_name == ref]
    if not named:
        raise click.ClickException(f"no run called {ref}")
    return max(named, key=lambda r: r.info.start_time)


@cli.command()
@click.argument("ref")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show(cfg, ref, as_json):
    """Shows a run."""
    run = _find(cfg, ref)
    if as_json:
        click.echo(json.dumps(run.to_dictionary(), indent=2, default=str))
        return
    click.secho(run.info.run_name, bold=True)
    for key, value in sorted(run.data.metrics.items()):
        click.echo(f"  {key:30} {value:.5g}")
    expires = run.data.tags.get("platform.expires", "never")
    click.echo(f"  expires {expires}")


@cli.command()
@click.argument("metric")
@click.option("--min", "minimize", is_flag=True)
@click.option("--tag", multiple=True, help="key=value")
@click.pass_obj
def best(cfg, metric, minimize, tag):
    """Prints the id of the best finished run."""
    flt = "attributes.status = 'FINISHED'"
    for item in tag:
        key, value = item.split("=", 1)
        flt += f" and tags.`{key}` = '{value}'"
    df = mlflow.search_runs(experiment_names=[cfg.experiment_name], filter_string=flt)
    column = "metrics." + metric
    if df.empty or column not in df.columns:
        raise click.ClickException(f"no run with {metric}")
    df = df.dropna(subset=[column]).sort_values(column, ascending=minimize)
    click.echo(df.iloc[0]["run_id"])


@cli.command("ls")
@click.option("--limit", default=20)
@click.option("--failed", is_flag=True)
@click.pass_obj
def ls(cfg, limit, failed):
    """Lists the newest runs."""
    df = mlflow.search_runs(
        experiment_names=[cfg.experiment_name],
        filter_string="status = 'FAILED'" if failed else "",
        order_by=["start_time DESC"],
        max_results=limit,
    )
    for _, row in df.iterrows():
        click.echo(f"{row['run_id'][:8]}  {row['status']:9} {row.get('tags.mlflow.runName', '')}")


@cli.command()
@click.argument("ref")
@click.argument("target", type=click.Path(path_type=Path))
@click.pass_obj
def pull(cfg, ref, target):
    """Downloads everything of a run."""
    run = _find(cfg, ref)
    client = MlflowClient()
    target.mkdir(parents=True, exist_ok=True)
    with click.progressbar(list(list_artifacts(client, run.info.run_id))) as paths:
        for path in paths:
            client.download_artifacts(run.info.run_id, path, str(target))


if __name__ == "__main__":
    cli()
