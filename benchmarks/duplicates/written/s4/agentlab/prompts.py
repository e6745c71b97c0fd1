"""Prompt files `name.vN.txt` and what the evaluations say about them."""
from __future__ import annotations

import re
from string import Formatter

import mlflow

from agentlab.config import settings
from agentlab.models import Prompt, PromptRef

_FILE = re.compile(r"^(?P<name>[a-z_]+)\.v(?P<version>\d+)\.txt$")


class UnknownPrompt(LookupError):
    pass


def _scan() -> dict[PromptRef, Prompt]:
    out = {}
    for p in settings().prompt_dir.iterdir():
        if not (m := _FILE.match(p.name)):
            continue
        text = p.read_text(encoding="utf-8")
        names = tuple(sorted({f for _, f, _, _ in Formatter().parse(text) if f}))
        ref = PromptRef(m["name"], int(m["version"]))
        out[ref] = Prompt(ref, text, names)
    return out


def load(ref: PromptRef) -> Prompt:
    try:
        return _scan()[ref]
    except KeyError:
        raise UnknownPrompt(str(ref)) from None


def latest(name: str) -> Prompt:
    versions = [r for r in _scan() if r.name == name]
    if not versions:
        raise UnknownPrompt(name)
    return load(max(versions, key=lambda r: r.version))


def winner(name: str, suite: str) -> PromptRef:
    """The version with the highest pass rate in the suite."""
    mlflow.set_tracking_uri(settings().tracking)
    runs = mlflow.search_runs(
        experiment_names=[settings().eval_experiment],
        filter_string=f"tags.suite = '{suite}' and tags.`prompt.name` = '{name}' and status = 'FINISHED'",
        order_by=["metrics.pass_rate DESC"],
        max_results=1,
        output_format="list",
    )
    if not runs:
        raise UnknownPrompt(f"{name} has no run in {suite}")
    return PromptRef(name, int(runs[0].data.tags["prompt.version"]))


def cheapest(name: str, suite: str) -> str:
    mlflow.set_tracking_uri(settings().tracking)
    runs = mlflow.search_runs(
        experiment_names=[settings().eval_experiment],
        filter_string=f"tags.suite = '{suite}' and tags.`prompt.name` = '{name}' and status = 'FINISHED'",
        order_by=["metrics.cost_usd ASC"],
        max_results=1,
        output_format="list",
    )
    if not runs:
        raise UnknownPrompt(f"{name} has no run in {suite}")
    return runs[0].info.run_id
