"""A small PPO; good enough for three objects."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.distributions import Normal


class Actor(nn.Module):
    def __init__(self, n_obs: int, n_act: int, hidden: list[int]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for width in hidden:
            layers += [nn.Linear(n_obs, width), nn.Tanh()]
            n_obs = width
        self.body = nn.Sequential(*layers)
        self.mean = nn.Linear(n_obs, n_act)
        self.log_std = nn.Parameter(torch.full((n_act,), -0.5))

    def forward(self, obs: torch.Tensor) -> Normal:
        return Normal(self.mean(self.body(obs)), self.log_std.exp())


def advantages(rewards: np.ndarray, values: np.ndarray, gamma: float = 0.99, lam: float = 0.95) -> np.ndarray:
    out = np.zeros_like(rewards)
    running = 0.0
    for t in reversed(range(len(rewards))):
        following = values[t + 1] if t + 1 < len(values) else 0.0
        delta = rewards[t] + gamma * following - values[t]
        running = delta + gamma * lam * running
        out[t] = running
    return out


def train_policy(env, cfg, seed: int, steps: int, report) -> Actor:
    torch.manual_seed(seed)
    actor = Actor(env.observation_space.shape[0], env.action_space.shape[0], list(cfg.hidden))
    optimiser = torch.optim.Adam(actor.parameters(), cfg.lr)
    obs, _ = env.reset(seed=seed)
    window: list[bool] = []
    for step in range(steps):
        dist = actor(torch.from_numpy(obs))
        action = dist.sample()
        obs, reward, done, late, info = env.step(action.numpy())
        loss = -(dist.log_prob(action).sum() * reward) - cfg.entropy * dist.entropy().sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if done or late:
            window.append(info["success"])
            obs, _ = env.reset()
            report(step, float(np.mean(window[-50:])))
    return actor
