"""SAC. Forked from train_ppo by Jonas, then rewritten twice."""
import logging
from pathlib import Path

import hydra
import mlflow
from omegaconf import DictConfig, OmegaConf
from stable_baselines3 import SAC

from lib.callbacks import CheckpointToMlflow, EvalToMlflow
from lib.simtags import collect
from lib.tracking import Tracker

log = logging.getLogger(__name__)

UNFINISHED = {"RUNNING", "FAILED", "KILLED"}


def build_model(cfg, env):
    kw = OmegaConf.to_container(cfg.sac, resolve=True)
    return SAC("MlpPolicy", env, seed=cfg.seed, **kw)


@hydra.main(config_path="conf", config_name="sac", version_base=None)
def main(cfg: DictConfig) -> float:
    import simkit

    tracker = Tracker(cfg.tracking.experiment)
    env = simkit.make(cfg.env, robot=cfg.robot)

    # is there something to continue?
    df = mlflow.search_runs([tracker.experiment_id], filter_string=f"tags.run_key = '{cfg.run_key}'")
    resume_id = None
    if len(df):
        df = df[df.status.isin(UNFINISHED)].sort_values("start_time")
        if len(df):
            resume_id = df.run_id.values[-1]

    ckpts = sorted(Path(cfg.ckpt_dir, cfg.run_key).glob("*.zip"), key=lambda p: p.stat().st_mtime)
    if resume_id and ckpts:
        log.info("resuming %s from %s", resume_id, ckpts[-1])
        model = SAC.load(ckpts[-1], env=env)
        ctx = mlflow.start_run(run_id=resume_id)
    else:
        model = build_model(cfg, env)
        ctx = mlflow.start_run(experiment_id=tracker.experiment_id, run_name=cfg.run_key,
                               tags={"run_key": cfg.run_key, "algo": "sac"})

    with ctx:
        mlflow.set_tags(collect(cfg.robot, cfg.seed))
        mlflow.log_params(OmegaConf.to_container(cfg.sac))
        cb = [CheckpointToMlflow(cfg.ckpt_dir, cfg.run_key), EvalToMlflow(simkit.make(cfg.env, robot=cfg.robot))]
        model.learn(cfg.total_steps, callback=cb, reset_num_timesteps=not resume_id)
        score = cb[1].last_mean
        mlflow.log_metric("eval/return_mean", score)
    return score


if __name__ == "__main__":
    main()
