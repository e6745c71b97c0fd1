import logging
import pathlib

import click
import mlflow
import onnx
import torch

from utils import client, get_exp

log = logging.getLogger("export")

MIN_SIM = (3, 2, 0)


class Wrapper(torch.nn.Module):
    def __init__(self, policy):
        super().__init__()
        self.policy = policy

    def forward(self, obs):
        return self.policy(obs, deterministic=True)[0]


def export(policy, obs_dim, out):
    out = pathlib.Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(Wrapper(policy), torch.zeros(1, obs_dim), str(out), input_names=["obs"], output_names=["action"], opset_version=17)
    onnx.checker.check_model(onnx.load(str(out)))
    return out


def check_sim(run_id):
    tags = client.get_run(run_id).data.tags
    raw = tags["sim.version"] if "sim.version" in tags else "0.0.0"
    if raw.startswith("v"):
        raw = raw[1:]
    major, minor, patch = [int(x) for x in raw.partition("+")[0].split(".")]
    if (major, minor, patch) < MIN_SIM:
        raise click.ClickException(f"trained with {raw}, deploy needs {MIN_SIM}")


def most_successful(exp_name, robot):
    exp_id = get_exp(exp_name)
    runs = client.search_runs([exp_id], f"tags.`sim.robot` = '{robot}'", order_by=["metrics.`eval/success_rate` DESC"], max_results=1)
    if not runs:
        raise click.ClickException("nothing to export")
    return runs[0]


@click.command()
@click.option("--run-id")
@click.option("--experiment")
@click.option("--robot", default="arm6")
@click.option("--out", default="build/policy.onnx")
def main(run_id, experiment, robot, out):
    if not run_id:
        run_id = most_successful(experiment, robot).info.run_id
    check_sim(run_id)
    policy = mlflow.pytorch.load_model(f"runs:/{run_id}/policy")
    path = export(policy, policy.observation_space.shape[0], out)
    with mlflow.start_run(run_id=run_id):
        mlflow.log_artifact(str(path), "onnx")
        mlflow.set_tag("exported", "true")
    log.info("wrote %s", path)


if __name__ == "__main__":
    main()
