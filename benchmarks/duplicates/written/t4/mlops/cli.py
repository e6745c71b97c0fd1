"""mlops gate | promote | approve | status"""
import json
import logging
import sys

import click
import mlflow
from mlflow import MlflowClient

from mlops import audit, ci
from mlops.gates import GateKeeper
from mlops.promote import Promoter, PromotionRefused
from mlops.registry import Registry
from mlops.settings import Settings


@click.group()
@click.option("-v", "--verbose", is_flag=True)
@click.pass_context
def main(ctx, verbose):
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO)
    ctx.obj = Settings().apply()


@main.command()
@click.argument("experiment")
@click.pass_obj
def gate(cfg, experiment):
    results = GateKeeper(cfg).check(experiment)
    ci.comment_on_mr("\n".join(f"- {'✅' if r.passed else '❌'} {r.name} {r.detail}" for r in results))
    sys.exit(0 if all(r.passed for r in results) else 1)


@main.command()
@click.argument("model")
@click.argument("experiment")
@click.option("--segment", default="retail")
@click.pass_obj
def promote(cfg, model, experiment, segment):
    try:
        version = Promoter(cfg).promote(model, experiment, segment)
    except PromotionRefused as exc:
        raise click.ClickException(str(exc))
    ci.dotenv("promote.env", MODEL_VERSION=version)


@main.command()
@click.argument("experiment")
@click.option("--role", required=True)
@click.pass_obj
def approve(cfg, experiment, role):
    """Approve the run of this pipeline."""
    client = MlflowClient()
    exp_id = Registry(client).experiment_id(experiment)
    run = ci.run_for_pipeline(client, exp_id, cfg.pipeline_id)
    audit.add_approval(client, run.info.run_id, cfg.user, role)
    click.echo(f"{run.info.run_id} approved as {role}")


@main.command()
@click.argument("run_id")
def status(run_id):
    run = mlflow.get_run(run_id)
    tags = run.data.tags
    click.echo(f"user      {tags.get('audit.user', '-')}")
    click.echo(f"ticket    {tags.get('audit.ticket', '-')}")
    click.echo(f"pipeline  {tags.get('ci.pipeline_id', '-')}")
    for key in sorted(k for k in tags if k.startswith("gate.")):
        click.echo(f"{key:<10}{tags[key]}")


@main.command("list")
@click.argument("experiment")
@click.option("-n", default=20)
def list_(experiment, n):
    df = mlflow.search_runs(experiment_names=[experiment], max_results=n, order_by=["start_time DESC"])
    cols = [c for c in ("run_id", "start_time", "tags.segment", "metrics.ks_oot") if c in df]
    click.echo(json.dumps(df[cols].astype(str).to_dict("records"), indent=1))


if __name__ == "__main__":
    main()
