"""Chooses the seed per site and fold which goes into the ensemble."""
import json
import pathlib

import mlflow
from mlflow.entities import ViewType

mlflow.set_tracking_uri("https://mlflow.visio.example")
client = mlflow.tracking.MlflowClient()


def experiment_id(name="visio/cv"):
    exp = mlflow.get_experiment_by_name(name)
    if exp is None:
        raise SystemExit("experiment %s does not exist" % name)
    return exp.experiment_id


def best_seed(study, site, fold):
    runs = client.search_runs(
        [experiment_id()],
        "tags.study = '%s' and tags.site = '%s' and tags.fold = '%d' and tags.level = 'seed'" % (study, site, fold),
        ViewType.ACTIVE_ONLY,
        1,
        ["metrics.val_dice DESC"],
    )
    return runs[0] if runs else None


def smoothest_seed(study, site, fold):
    """By Hausdorff distance - smaller is better - for the surgeons."""
    runs = client.search_runs(
        [experiment_id()],
        "tags.study = '%s' and tags.site = '%s' and tags.fold = '%d' and tags.level = 'seed'" % (study, site, fold),
        ViewType.ACTIVE_ONLY,
        1,
        ["metrics.val_hd95 ASC"],
    )
    return runs[0] if runs else None


def checkpoint_path(run):
    v = run.data.tags.get("ckpt")
    if not v:
        return None
    _, path = v.split(":", 1)
    return path


def ensemble(study, sites, k=5, by="dice"):
    choose = best_seed if by == "dice" else smoothest_seed
    members = []
    for s in sites:
        for f in range(k):
            r = choose(study, s, f)
            if r is None:
                print("no run for", s, f)
                continue
            members.append({"site": s, "fold": f, "run": r.info.run_id, "ckpt": checkpoint_path(r)})
    pathlib.Path(f"{study}.ensemble.json").write_text(json.dumps(members, indent=1))
    return members
