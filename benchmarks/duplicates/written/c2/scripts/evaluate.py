#!/usr/bin/env python
"""Evaluates the best model of a study on the held-out site."""

import click
import mlflow
import numpy as np
from mlflow.tracking import MlflowClient

from monai_seg.acquisition import Acquisition


class Evaluation:
    def __init__(self, study):
        self.study = study
        self.client = MlflowClient()
        self.results = []

    def experiment_id(self):
        found = [e for e in self.client.search_experiments() if e.name == self.study]
        if found:
            return found[0].experiment_id
        return self.client.create_experiment(self.study)

    def best(self):
        runs = self.client.search_runs(
            [self.experiment_id()],
            filter_string="metrics.mean_dice > 0 and attributes.status = 'FINISHED'",
            order_by=["metrics.mean_dice DESC"],
            max_results=1,
        )
        if not runs:
            raise click.ClickException("nothing was trained")
        return runs[0]

    def describe(self, acquisition):
        out = {}
        for name in ("site", "scanner", "field_strength", "protocol", "anonymiser"):
            out[name] = str(getattr(acquisition, name))
        return out

    def add(self, dice, hausdorff):
        self.results.append((dice, hausdorff))

    def summary(self):
        table = np.asarray(self.results, dtype=float).reshape(-1, 2)
        return {"dice": table[:, 0].mean(), "hd95": table[:, 1].mean()} if len(table) else {}


@click.command()
@click.argument("study")
@click.argument("scores", type=click.File())
def main(study, scores):
    ev = Evaluation(study)
    for line in scores:
        dice, hd = map(float, line.split(","))
        ev.add(dice, hd)
    with mlflow.start_run(experiment_id=ev.experiment_id(), run_name="evaluation"):
        mlflow.set_tags(ev.describe(Acquisition("ukm", "Philips Ingenia", 1.5, "abd-t2")))
        mlflow.set_tag("evaluated", ev.best().info.run_id)
        mlflow.log_metrics(ev.summary())


if __name__ == "__main__":
    main()
