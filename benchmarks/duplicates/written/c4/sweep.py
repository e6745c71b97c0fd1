"""hydra -m sweep task=pick policy.lr=1e-4,3e-4 sweep=lr"""

import hydra
import mlflow
from mlflow.tracking import MlflowClient
from omegaconf import DictConfig, OmegaConf

from gripper.config import SweepConfig  # noqa: F401
from gripper.envs import make
from gripper.gitinfo import commit
from gripper.policy import train_policy
from gripper.tracking import trial_key


def seen_before(client, exp, key):
    for run in client.search_runs(experiment_ids=[exp], order_by=["start_time DESC"]):
        if run.data.tags.get("sweep.trial_key") == key:
            return run.info.run_id
    return None


def sweep_run(client, exp, sweep):
    runs = client.search_runs(
        [exp], f"attributes.run_name = 'sweep-{sweep}'", order_by=["attributes.start_time DESC"], max_results=1
    )
    if runs:
        return runs[0].info.run_id
    return None


@hydra.main(version_base=None, config_name="sweep")
def main(cfg: DictConfig) -> float:
    client = MlflowClient()
    exp_obj = mlflow.get_experiment_by_name("gripper-" + cfg.task)
    exp = exp_obj.experiment_id if exp_obj is not None else mlflow.create_experiment("gripper-" + cfg.task)
    key = trial_key(OmegaConf.to_container(cfg, resolve=True))
    old = seen_before(client, exp, key)
    if old is not None:
        return client.get_run(old).data.metrics["success_rate"]

    parent = sweep_run(client, exp, cfg.sweep)
    if parent is None:
        parent = client.create_run(exp, run_name=f"sweep-{cfg.sweep}").info.run_id

    tags = {cfg.tags.task: cfg.task, cfg.tags.commit: commit()}
    tags |= {cfg.tags.serial: cfg.serial, cfg.tags.firmware: cfg.firmware}
    tags[cfg.tags.simulator] = cfg.simulator
    tags["sweep.trial_key"] = key
    rates = []
    with mlflow.start_run(experiment_id=exp, parent_run_id=parent, tags=tags) as trial:
        mlflow.log_params(OmegaConf.to_container(cfg.policy))
        for seed in range(cfg.seeds):
            child = client.create_run(
                trial.info.experiment_id,
                tags={
                    "mlflow.parentRunId": trial.info.run_id,
                    "trial.seed": str(seed),
                },
                run_name="seed-" + str(seed),
            )
            client.log_param(child.info.run_id, "seed", seed)

            last = 0.0

            def report(step, rate, run_id=child.info.run_id):
                nonlocal last
                last = rate
                client.log_metric(run_id, "rate", rate, step=step)

            train_policy(make(cfg.task, cfg.simulator), cfg.policy, seed, cfg.steps, report)
            client.log_metric(child.info.run_id, "success_rate", last)
            client.set_terminated(child.info.run_id)
            rates.append(last)
        mlflow.log_metric("success_rate", sum(rates) / len(rates))
    return sum(rates) / len(rates)


if __name__ == "__main__":
    main()
