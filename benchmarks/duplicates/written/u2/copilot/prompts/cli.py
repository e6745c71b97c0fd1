"""`python -m copilot.prompts.cli push|show|diff`."""
import difflib
import pathlib

import mlflow
import typer
from mlflow.tracking import MlflowClient
from rich.console import Console

from copilot.prompts.registry import PromptStore
from copilot.settings import get_settings

app = typer.Typer()
console = Console()


def _experiment() -> str:
    name = get_settings().experiment_name
    try:
        return mlflow.create_experiment(name, tags={"app.owner": "llm-apps"})
    except mlflow.exceptions.MlflowException:
        return mlflow.get_experiment_by_name(name).experiment_id


def _prompt_run(name: str, version: int):
    df = mlflow.search_runs([_experiment()], filter_string="tags.`app.kind` = 'prompt'", order_by=["start_time DESC"])
    match = df.query("`tags.prompt.name` == @name and `tags.prompt.version` == @version", local_dict={"name": name, "version": str(version)})
    if match.empty:
        raise typer.BadParameter(f"no prompt {name} v{version}")
    return mlflow.get_run(match.run_id.iloc[0])


@app.command()
def push(path: pathlib.Path, name: str = typer.Option(None)):
    """Register a prompt file."""
    store = PromptStore(MlflowClient(), get_settings().experiment_name)
    prompt = store.register(name or path.stem, path.read_text())
    console.print(f"[green]{prompt.name}[/] v{prompt.version} ({prompt.digest})")


@app.command()
def show(name: str, version: int):
    run = _prompt_run(name, version)
    console.print(run.data.tags.get("prompt.digest", "?"))
    console.print(mlflow.artifacts.load_text(run.info.artifact_uri + "/prompt.txt"))


@app.command()
def diff(name: str, old: int, new: int):
    texts = []
    for v in (old, new):
        run = _prompt_run(name, v)
        texts.append(mlflow.artifacts.load_text(run.info.artifact_uri + "/prompt.txt").splitlines())
    for line in difflib.unified_diff(*texts, lineterm=""):
        colour = {"+": "green", "-": "red"}.get(line[:1], "white")
        console.print(line, style=colour)


if __name__ == "__main__":
    mlflow.set_tracking_uri(get_settings().tracking_uri)
    app()
