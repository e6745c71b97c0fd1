"""TRK505 metric-in-loop: metrics, parameters or tags are logged one by one.

## What it does

Finds `log_metric`, `log_param` and `set_tag`, of the module and of a client, in a loop that does no
more than to log what it has at hand, under another key in each round.

Not found are loops that compute, train or wait between two calls, that catch the error of a single
call, that log one key step by step, or that log to several runs; calls with `synchronous`; loops
over one or two literal elements; and tests.

## Why is this bad?

Each call is a request of its own to the server: it takes as long as 30 to 100 metrics that are
logged together by one.

## Before

```python
for name, value in metrics.items():
    mlflow.log_metric(name, value)
```

## After

```python
mlflow.log_metrics(metrics)
```

## Fix safety

`log-together` makes `mlflow.log_metrics(d)` of `for k, v in d.items(): mlflow.log_metric(k, v)`
where `k` and `v` are used nowhere else, also with a `step`; so for parameters and tags. It is safe
in the block of a `with mlflow.start_run()`, and else unsafe: with an empty mapping the call begins
a run if none is active, the loop doesn't.
It is unsafe, too, below a `try` or a `suppress` that may go on when a value was refused.
It is unsafe as well where a test puts a double in the place of `mlflow`, and left alone where one
replaces the function or asks how it is called.
Should a value be refused, none of them is logged, not those before it. There is no fix for others.

## Options

`metric-loop-minimum = 10` in `[tool.trackfix]` leaves out loops over fewer literal elements; it is
3 by default. How many a mapping has can't be told: such loops are always found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.lint.finding import Finding, Fix
from trackfix.lint.mlflow_findings import calls_in, files_calling, finding_at
from trackfix.lint.rule import Example, LintProject
from trackfix.project.mlflow_uses.metric_loops import (
    TOGETHER,
    MetricLoop,
    PlainLoop,
    find_metric_loops,
    plain_loop,
)

_START = "import mlflow\ndef f(metrics, client: mlflow.MlflowClient, run_id):\n"

_NOT_PLAIN = "only a call of mlflow with k and v for the items() of a mapping is rewritten"


class MetricInLoop:
    """The rule."""

    code = "TRK505"
    name = "metric-in-loop"
    bad: tuple[Example, ...] = (
        {
            "a.py": _START + "    for k, v in metrics.items():\n"
            "        mlflow.log_metric(k, v)  # found\n"
        },
        {
            "a.py": _START + "    for k in metrics:\n"
            "        client.set_tag(run_id, f'm.{k}', metrics[k])  # found\n"
        },
    )
    good: tuple[Example, ...] = (
        {"a.py": _START + "    mlflow.log_metrics(metrics)\n"},
        {
            "a.py": _START + "    for step, loss in enumerate(metrics):\n"
            "        mlflow.log_metric('loss', loss, step=step)\n"
        },
        {
            "a.py": _START + "    for name, data in metrics.items():\n"
            "        mlflow.log_metric(name, evaluate(data))\n"
        },
    )

    def candidates(self, project: LintProject) -> Iterable[str]:
        return files_calling(project, *TOGETHER)

    def triggers(self, project: LintProject) -> Iterable[str]:
        return TOGETHER

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        file = calls_in(path, project, *TOGETHER)
        if file is None:
            return
        for found in find_metric_loops(file):
            what = f"{found.call.api} is called for each key; {found.together} logs all at once"
            plain = plain_loop(file, found)
            obstacle = _NOT_PLAIN if plain is None else plain.obstacle
            what += f"; left alone: {obstacle}" if obstacle else ""
            fix = _fix(found, plain) if plain is not None and not obstacle else None
            yield finding_at(self, file, found.call.node, what, fix=fix)


def _fix(found: MetricLoop, plain: PlainLoop) -> Fix:
    doubt = f", which is not proven safe: {plain.doubt}" if plain.doubt else ""
    message = f"call {found.together} once{doubt}"
    return Fix("log-together", "unsafe" if doubt else "safe", message)


RULE = MetricInLoop()
