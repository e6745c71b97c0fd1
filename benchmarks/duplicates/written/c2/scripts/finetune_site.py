#!/usr/bin/env python
"""Fine-tunes the folds of a study on the scans of a new site."""

import sys

import mlflow
import torch
import yaml

from monai_seg.data import load_cases, loaders, make_folds
from monai_seg.nets import build, load_weights, loss_for
from monai_seg.runinfo import fetch_checkpoint


def last_fold(study, task, k):
    df = mlflow.search_runs(
        experiment_names=[study],
        filter_string=f"tags.fold='{k}' and tags.task='{task}' and tags.study='{study}'",
    )
    return None if df.empty else df.sort_values("start_time").iloc[-1].run_id


def parse_roi(run):
    raw = run.data.tags.get("roi_size")
    if raw is None:
        return (96, 96, 96)
    return tuple(int(v) for v in raw.strip("[]").split(","))


if __name__ == "__main__":
    conf = yaml.safe_load(open(sys.argv[1]))
    study, task, site = conf["study"], conf["task"], conf["site"]
    try:
        exp = mlflow.get_experiment_by_name(study).experiment_id
    except AttributeError:
        exp = mlflow.create_experiment(study)
    cases = load_cases(conf["root"], f"{study}/{site}")
    folds = make_folds(cases)
    outer = mlflow.start_run(experiment_id=exp, run_name=f"finetune-{site}")
    for k, _ in enumerate(folds):
        source = last_fold(study, task, k)
        if source is None:
            sys.exit(f"fold {k} of {study} was never trained")
        base = mlflow.get_run(source)
        roi = parse_roi(base)
        net = load_weights(build(base.data.params["network"], 2), fetch_checkpoint(source, "/tmp"))
        fold_tags = {"fold": str(k), "task": task, "study": study}
        child = mlflow.start_run(run_name="fold-%d" % k, nested=True, tags=fold_tags)
        mlflow.log_params({"seed": conf.get("seed", 17) + k})
        opt = torch.optim.AdamW(net.parameters(), conf.get("lr", 1e-4))
        train, _val = loaders(cases, folds, k, roi)
        for step, batch in enumerate(train):
            opt.zero_grad()
            value = loss_for(2)(net(batch["image"]), batch["label"])
            value.backward()
            opt.step()
            mlflow.log_metric("loss", value.item(), step)
        mlflow.log_param("base", source)
        mlflow.end_run()
        print("finished", child.info.run_id)
    mlflow.end_run()
