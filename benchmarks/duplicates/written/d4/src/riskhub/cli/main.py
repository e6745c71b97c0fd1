from __future__ import annotations

import time
from datetime import date, datetime

import typer

from riskhub import __version__
from riskhub.cli.container import Container
from riskhub.core.model import Portfolio, Tag

app = typer.Typer(no_args_is_help=True)


@app.command()
def train(portfolio: Portfolio, as_of: datetime):
    typer.echo(Container().training.train(portfolio, as_of.date()))


@app.command()
def promote(portfolio: Portfolio, run: str):
    c = Container()
    c.store.promote(c.locate(portfolio, run).info.run_id, portfolio)


@app.command()
def approve(portfolio: Portfolio, run: str, by: str, accept: float = 640.0, reject: float = 560.0):
    c = Container()
    c.approval.approve(c.locate(portfolio, run).info.run_id, by, {"accept": accept, "reject": reject})


@app.command("import")
def import_legacy(portfolio: Portfolio, pickle_file: str, as_of: datetime):
    """Take a scorecard of the old system over."""
    c = Container()
    tags = {
        tag.value: value
        for tag, value in (
            (Tag.ENV, c.conf.env),
            (Tag.OWNER, c.conf.tracking.owner),
            (Tag.PORTFOLIO, portfolio.value),
            (Tag.AS_OF, as_of.date().isoformat()),
            (Tag.ROLE, "challenger"),
            (Tag.VERSION, __version__),
        )
    }
    run = c.client.create_run(c.store.experiment(portfolio), tags=tags, run_name=f"import-{portfolio.value}")
    c.client.log_artifact(run.info.run_id, pickle_file)
    c.store.close(run.info.run_id, ok=True)
    typer.echo(run.info.run_id)


@app.command("list")
def list_runs(portfolio: Portfolio, role: str = ""):
    c = Container()
    query = f"tags.`{Tag.ROLE.value}` = '{role}'" if role else ""
    for run in c.client.search_runs([c.store.experiment(portfolio)], query, max_results=50):
        tags = run.data.tags
        typer.echo(f"{run.info.run_id}  {tags.get(Tag.AS_OF.value, '?'):10}  {tags.get(Tag.ROLE.value, '')}")


@app.command()
def due():
    for portfolio in Container().approval.due(date.today()):
        typer.echo(portfolio.value)


@app.command()
def purge(portfolio: Portfolio, yes: bool = False):
    c = Container()
    limit = int((time.time() - c.conf.tracking.keep_days * 86400) * 1000)
    query = f"tags.`{Tag.ROLE.value}` = 'retired' and attributes.start_time < {limit}"
    for run in c.client.search_runs([c.store.experiment(portfolio)], query):
        if yes:
            c.client.delete_run(run.info.run_id)
        typer.echo(run.info.run_id)


if __name__ == "__main__":
    app()
