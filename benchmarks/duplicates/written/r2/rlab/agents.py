import math
import random

import numpy as np
import torch
from torch import nn


class Policy(nn.Module):
    def __init__(self, n_obs, n_act, width=256):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(n_obs, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh())
        self.mu = nn.Linear(width, n_act)
        self.log_std = nn.Parameter(torch.full((n_act,), -0.5))
        self.value = nn.Linear(width, 1)

    def forward(self, obs):
        h = self.body(obs)
        return torch.distributions.Normal(self.mu(h), self.log_std.exp()), self.value(h).squeeze(-1)


def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def gae(rewards, values, dones, gamma=0.99, lam=0.95):
    adv = np.zeros_like(rewards)
    last = 0.0
    for t in reversed(range(len(rewards))):
        nxt = 0.0 if dones[t] else values[t + 1]
        delta = rewards[t] + gamma * nxt - values[t]
        last = delta + gamma * lam * (0.0 if dones[t] else last)
        adv[t] = last
    return adv


def cosine(step, total, lo, hi):
    return lo + 0.5 * (hi - lo) * (1 + math.cos(math.pi * min(step / total, 1.0)))
