import argparse
import os

import mlflow
import torch
from torch import nn

from utils import (CKPT_DIR, EpisodeStats, RunningMeanStd, find_resumable, get_exp, load_ckpt, load_yaml, log_cfg,
                   make_env, save_ckpt, seed_everything, sim_tags)


class ActorCritic(nn.Module):
    def __init__(self, obs, act, hidden=256):
        super().__init__()
        self.pi = nn.Sequential(nn.Linear(obs, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, act))
        self.v = nn.Sequential(nn.Linear(obs, hidden), nn.Tanh(), nn.Linear(hidden, 1))
        self.log_std = nn.Parameter(torch.zeros(act))

    def dist(self, x):
        return torch.distributions.Normal(self.pi(x), self.log_std.exp())


def gae(rew, val, done, gamma=0.99, lam=0.95):
    adv = torch.zeros_like(rew)
    last = 0.0
    for t in reversed(range(len(rew) - 1)):
        nonterm = 1.0 - done[t + 1]
        delta = rew[t] + gamma * val[t + 1] * nonterm - val[t]
        adv[t] = last = delta + gamma * lam * nonterm * last
    return adv


def train(cfg):
    seed_everything(cfg["seed"])
    exp_id = get_exp(cfg["experiment"])
    env = make_env(cfg["env"], cfg["n_envs"], cfg["seed"])
    net = ActorCritic(env.single_observation_space.shape[0], env.single_action_space.shape[0])
    opt = torch.optim.Adam(net.parameters(), lr=cfg["lr"])
    rms, stats, step = RunningMeanStd(), EpisodeStats(), 0
    ckpt = os.path.join(CKPT_DIR, cfg["run_key"], "last.pt")

    old = find_resumable(exp_id, cfg["run_key"])
    if old is not None and os.path.exists(ckpt):
        run = mlflow.start_run(run_id=old.info.run_id)
        step, rms = load_ckpt(ckpt, net, opt)
    else:
        run = mlflow.start_run(experiment_id=exp_id, tags={"run_key": cfg["run_key"], **sim_tags(cfg["robot"], cfg["seed"])})
        log_cfg(cfg)

    with run:
        while step < cfg["total_steps"]:
            step += update(net, opt, env, rms, stats, cfg)
            mlflow.log_metrics(stats.summary(), step=step)
            if step % cfg["ckpt_every"] == 0:
                save_ckpt(ckpt, net, opt, step, rms)
        mlflow.log_artifact(ckpt, "ckpt")


def update(net, opt, env, rms, stats, cfg):
    obs, _ = env.reset()
    buf = []
    for _ in range(cfg["horizon"]):
        rms.update(obs)
        x = torch.as_tensor(rms.normalise(obs), dtype=torch.float32)
        with torch.no_grad():
            d = net.dist(x)
            a = d.sample()
        obs, r, term, trunc, info = env.step(a.numpy())
        buf.append((x, a, d.log_prob(a).sum(-1), torch.as_tensor(r), torch.as_tensor(term)))
    for _ in range(cfg["epochs"]):
        x, a, lp, r, done = map(torch.stack, zip(*buf))
        v = net.v(x).squeeze(-1)
        adv = gae(r, v.detach(), done.float())
        ratio = (net.dist(x).log_prob(a).sum(-1) - lp).exp()
        loss = -torch.min(ratio * adv, ratio.clamp(0.8, 1.2) * adv).mean() + 0.5 * (adv + v.detach() - v).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    return cfg["horizon"]


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("config")
    train(load_yaml(ap.parse_args().config))
