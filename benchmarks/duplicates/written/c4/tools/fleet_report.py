"""Which robot was last trained with which firmware."""

import collections

import mlflow
import tabulate


def firmware(run):
    tags = {t: v for t, v in run.data.tags.items() if t.startswith("robot.")}
    parts = tags["robot.firmware"].split(".") if "robot.firmware" in tags else ["0", "0", "0"]
    return tuple(int(p) for p in parts)


def by_robot(task):
    groups = collections.defaultdict(list)
    for run in mlflow.search_runs(experiment_names=[f"gripper-{task}"], output_format="list"):
        groups[run.data.tags.get("robot.serial", "?")].append(run)
    return groups


if __name__ == "__main__":
    rows = []
    for serial, runs in by_robot("pick").items():
        rows.append((serial, len(runs), max(firmware(r) for r in runs)))
    print(tabulate.tabulate(rows, headers=["robot", "runs", "firmware"]))
