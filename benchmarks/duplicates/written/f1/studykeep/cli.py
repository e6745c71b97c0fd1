"""The command line of studykeep."""

import argparse
import sys

import mlflow

from studykeep import keys
from studykeep.trial import TrialState


def _experiment(name):
    exp = mlflow.get_experiment_by_name(name)
    if exp is None:
        sys.exit(f"no experiment {name!r}")
    return exp.experiment_id


def cmd_import(args):
    """Import trials from a CSV file with a column `objective`."""
    import pandas as pd

    client = mlflow.MlflowClient()
    exp = client.get_experiment_by_name(args.experiment)
    if exp is not None and exp.lifecycle_stage == "deleted":
        print("restoring experiment", args.experiment)
        client.restore_experiment(exp.experiment_id)
    exp_id = exp.experiment_id if exp else client.create_experiment(args.experiment)
    frame = pd.read_csv(args.file)
    with mlflow.start_run(experiment_id=exp_id, run_name=args.study) as parent:
        mlflow.set_tags({keys.ROLE: "study", keys.STUDY_NAME: args.study, keys.DIRECTION: args.direction})
        for number, row in frame.iterrows():
            trial_tags = dict.fromkeys([keys.SAMPLER], "import")
            trial_tags[keys.ROLE] = "trial"
            trial_tags[keys.TRIAL_NUMBER] = str(number)
            trial_tags[keys.TRIAL_STATE] = TrialState.COMPLETE.value
            with mlflow.start_run(nested=True, run_name=f"trial-{number:04d}", tags=trial_tags):
                mlflow.log_params({k: v for k, v in row.items() if k != "objective"})
                mlflow.log_metric(keys.OBJECTIVE, row["objective"])
    print(parent.info.run_id)


def cmd_best(args):
    """Print the best trial of a study."""
    exp_id = _experiment(args.experiment)
    trials = mlflow.search_runs(
        [exp_id],
        filter_string=f"tags.mlflow.parentRunId = '{args.study_id}' and tags.studykeep.trial_state = 'complete'",
    )
    if trials.empty:
        sys.exit("no complete trial")
    col = "metrics.objective"
    row = trials.sort_values(col, ascending=args.direction == "minimize").iloc[0]
    print(row["run_id"], row[col])


def cmd_list(args):
    """Print number, state and value of each trial."""
    client = mlflow.MlflowClient()
    for run in client.search_runs([_experiment(args.experiment)], f"tags.mlflow.parentRunId = '{args.study_id}'"):
        t = run.data.tags
        no = int(t["studykeep.trial_number"]) if "studykeep.trial_number" in t else -1
        st = TrialState(t.get("studykeep.trial_state") or "running")
        print(f"{no:5d} {st.value:10s} {run.data.metrics.get(keys.OBJECTIVE)}")


def cmd_delete(args):
    """Delete a study and its trials."""
    client = mlflow.MlflowClient()
    for run in client.search_runs([_experiment(args.experiment)], f"tags.mlflow.parentRunId = '{args.study_id}'"):
        client.delete_run(run.info.run_id)
    client.delete_run(args.study_id)


def main(argv=None):
    parser = argparse.ArgumentParser(prog="studykeep")
    parser.add_argument("--experiment", default="studykeep")
    parser.add_argument("--direction", choices=["minimize", "maximize"], default="minimize")
    commands = parser.add_subparsers(dest="command", required=True)
    imp = commands.add_parser("import")
    imp.add_argument("study")
    imp.add_argument("file")
    imp.set_defaults(call=cmd_import)
    for name, call in (("best", cmd_best), ("list", cmd_list), ("delete", cmd_delete)):
        sub = commands.add_parser(name)
        sub.add_argument("study_id")
        sub.set_defaults(call=call)
    args = parser.parse_args(argv)
    args.call(args)


if __name__ == "__main__":
    main()
