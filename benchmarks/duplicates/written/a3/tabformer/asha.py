"""Asynchronous halving with worker processes."""

from __future__ import annotations

import multiprocessing as mp
from dataclasses import dataclass, field

import mlflow
from mlflow.tracking import MlflowClient

from tabformer.training import fit
from tabformer.utils import short_hash


@dataclass(order=True)
class Rung:
    budget: int
    results: dict[int, float] = field(default_factory=dict, compare=False)

    def promotable(self, eta: int) -> list[int]:
        keep = len(self.results) // eta
        return sorted(self.results, key=self.results.__getitem__)[:keep]


def child_under(parent_run_id, trial_no, sweep_hash):
    run = mlflow.start_run(
        run_name=f"trial_{trial_no}",
        parent_run_id=parent_run_id,
        nested=True,
        tags={"tabformer.trial": str(trial_no), "tabformer.study_hash": sweep_hash},
    )
    return run.info.run_id


def worker(queue, results, parent_run_id, sweep_hash):
    while (job := queue.get()) is not None:
        number, cfg = job
        child_under(parent_run_id, number, sweep_hash)
        try:
            results.put((number, cfg.epochs, fit(cfg)))
        finally:
            mlflow.end_run()


class Asha:
    def __init__(self, cfg, space, eta=3, workers=4):
        self.cfg, self.space, self.eta, self.workers = cfg, space, eta, workers
        self.rungs = [Rung(b) for b in (1, 3, 9, 27)]

    def parent(self):
        exp = mlflow.get_experiment_by_name(self.cfg.mlflow.experiment)
        if exp is None:
            exp_id = mlflow.create_experiment(self.cfg.mlflow.experiment)
        else:
            exp_id = exp.experiment_id
        meta = dict.fromkeys(("tabformer.sampler",), "asha")
        meta |= {"tabformer.study_hash": short_hash(self.space), "tabformer.hydra_job": "asha"}
        meta["tabformer.objective"] = self.cfg.objective
        client = MlflowClient()
        return client.create_run(exp_id, tags={**meta, "tabformer.role": "sweep"}, run_name="asha")

    def run(self, sample):
        parent = self.parent()
        queue, results = mp.Queue(), mp.Queue()
        sweep_hash = parent.data.tags["tabformer.study_hash"]
        procs = [
            mp.Process(target=worker, args=(queue, results, parent.info.run_id, sweep_hash))
            for _ in range(self.workers)
        ]
        for proc in procs:
            proc.start()
        for number in range(81):
            queue.put((number, sample(self.rungs[0].budget)))
        for _ in range(81):
            number, budget, score = results.get()
            next(r for r in self.rungs if r.budget == budget).results[number] = score
        for _ in procs:
            queue.put(None)
        for proc in procs:
            proc.join()
        return self.rungs[0].promotable(self.eta)
