"""trackkit-admin: for us."""
import argparse
import sys
from datetime import date, datetime

from mlflow import MlflowClient
from mlflow.entities import ViewType

from trackkit.config import load_config


def init_project(client, cfg):
    """What a new team gets."""
    name = f"{cfg.team}/{cfg.project}"
    matches = client.search_experiments(filter_string=f"name = '{name}'", view_type=ViewType.ALL)
    if matches:
        return matches[0].experiment_id
    location = None
    if cfg.artifact_root:
        location = f"{cfg.artifact_root.rstrip('/')}/{name}"
    return client.create_experiment(
        name, location, tags={"platform.team": cfg.team, "platform.cost_center": cfg.cost_center}
    )


def adopt(client, run_id, cfg):
    """Puts a run without conventions under them."""
    client.set_tag(run_id, "platform.team", cfg.team)
    client.set_tag(run_id, "platform.cost_center", cfg.cost_center)
    client.set_tag(run_id, "platform.adopted", date.today().isoformat())


def expired(client, experiment_id, today):
    for run in client.search_runs([experiment_id], run_view_type=ViewType.ACTIVE_ONLY, max_results=5000):
        text = (run.data.tags.get("platform.expires") or "never").strip()
        if text == "never":
            continue
        if datetime.strptime(text, "%Y-%m-%d").date() < today:
            yield run


def reap(client, experiment_id, dry_run):
    count = 0
    for run in expired(client, experiment_id, date.today()):
        if not dry_run:
            client.delete_run(run.info.run_id)
        count += 1
    return count


def costs(client, experiment_ids):
    """Seconds by cost centre."""
    table = {}
    for experiment_id in experiment_ids:
        for run in client.search_runs([experiment_id], max_results=10000):
            center = run.data.tags.get("platform.cost_center", "0000")
            table[center] = table.get(center, 0) + run.data.metrics.get("platform.seconds", 0)
    return table


def extend(client, run_id, days):
    """Ticket PLAT-88: keeps a run longer."""
    tags = client.get_run(run_id).data.tags
    current = tags.get("platform.expires")
    if not current or current == "never":
        return None
    until = date.fromisoformat(current)
    later = date.fromordinal(until.toordinal() + days)
    client.set_tag(run_id, "platform.expires", later.isoformat())
    return later


def main():
    parser = argparse.ArgumentParser(prog="trackkit-admin")
    sub = parser.add_subparsers(dest="what", required=True)
    sub.add_parser("init")
    p = sub.add_parser("reap")
    p.add_argument("--dry-run", action="store_true")
    p = sub.add_parser("extend")
    p.add_argument("run_id")
    p.add_argument("days", type=int)
    p = sub.add_parser("adopt")
    p.add_argument("run_id")
    args = parser.parse_args()
    cfg = load_config()
    client = MlflowClient(cfg.tracking_uri)
    if args.what == "init":
        print(init_project(client, cfg))
    elif args.what == "reap":
        exp = client.get_experiment_by_name(cfg.experiment_name)
        if exp is None:
            sys.exit("not initialised")
        print(reap(client, exp.experiment_id, args.dry_run))
    elif args.what == "extend":
        print(extend(client, args.run_id, args.days) or "is kept for ever")
    else:
        adopt(client, args.run_id, cfg)


if __name__ == "__main__":
    main()
