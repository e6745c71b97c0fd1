#!/usr/bin/env python
"""python train_ppo.py --task peg --seeds 0 1 2 3 4"""
import argparse

import gymnasium as gym
import mlflow
import numpy as np
import torch

from rlab.agents import Policy, cosine, gae, seed_everything
from rlab.mlf import Store
from rlab.tasks import CURRICULA


def rollout(env, policy, horizon):
    obs, _ = env.reset()
    buf = {k: [] for k in ("obs", "act", "rew", "val", "done")}
    for _ in range(horizon):
        with torch.no_grad():
            dist, value = policy(torch.as_tensor(obs, dtype=torch.float32))
            act = dist.sample().numpy()
        nxt, rew, term, trunc, _ = env.step(act)
        for k, v in zip(buf, (obs, act, rew, value.item(), term or trunc)):
            buf[k].append(v)
        obs = nxt if not (term or trunc) else env.reset()[0]
    buf["val"].append(0.0)
    return {k: np.asarray(v, dtype=np.float32) for k, v in buf.items()}


def update(policy, opt, batch, clip):
    adv = gae(batch["rew"], batch["val"], batch["done"])
    adv = torch.as_tensor((adv - adv.mean()) / (adv.std() + 1e-8))
    obs, act = torch.as_tensor(batch["obs"]), torch.as_tensor(batch["act"])
    with torch.no_grad():
        old = policy(obs)[0].log_prob(act).sum(-1)
    for _ in range(10):
        dist, value = policy(obs)
        ratio = (dist.log_prob(act).sum(-1) - old).exp()
        loss = -torch.min(ratio * adv, ratio.clamp(1 - clip, 1 + clip) * adv).mean() + 0.5 * value.pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    return loss.item()


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--task", choices=sorted(CURRICULA), default="peg")
    p.add_argument("--seeds", type=int, nargs="+", default=[0])
    p.add_argument("--lr", type=float, default=3e-4)
    p.add_argument("--horizon", type=int, default=2048)
    return p.parse_args()


def main():
    a = parse()
    store = Store()
    stage = CURRICULA[a.task][-1]
    for seed in a.seeds:
        seed_everything(seed)
        env = gym.make(stage.env_id)
        policy = Policy(env.observation_space.shape[0], env.action_space.shape[0])
        opt = torch.optim.Adam(policy.parameters(), lr=a.lr)
        with store.seed_run(a.task, "ppo", seed):
            mlflow.log_params(vars(a))
            for step in range(0, stage.steps, a.horizon):
                for g in opt.param_groups:
                    g["lr"] = cosine(step, stage.steps, 1e-5, a.lr)
                batch = rollout(env, policy, a.horizon)
                loss = update(policy, opt, batch, 0.2)
                mlflow.log_metrics({"loss": loss, "train/return": float(batch["rew"].sum())}, step=step)
            mlflow.pytorch.log_model(policy, "policy")


if __name__ == "__main__":
    main()
