"""Bandit policies."""
import math
import random

import numpy as np


class EpsilonGreedy:
    def __init__(self, arms, epsilon=0.1):
        self.arms = list(arms)
        self.epsilon = epsilon
        self.counts = dict.fromkeys(self.arms, 0)
        self.values = dict.fromkeys(self.arms, 0.0)

    def choose(self, context=None):
        if random.random() < self.epsilon:
            return random.choice(self.arms)
        return max(self.arms, key=self.values.get)

    def update(self, arm, reward, context=None):
        self.counts[arm] += 1
        self.values[arm] += (reward - self.values[arm]) / self.counts[arm]

    def probability(self, arm, context=None):
        base = self.epsilon / len(self.arms)
        return base + (1 - self.epsilon) * (arm == max(self.arms, key=self.values.get))


class Ucb(EpsilonGreedy):
    def choose(self, context=None):
        total = sum(self.counts.values()) + 1

        def bound(arm):
            n = self.counts[arm]
            return float("inf") if not n else self.values[arm] + math.sqrt(2 * math.log(total) / n)

        return max(self.arms, key=bound)


class LinUcb:
    def __init__(self, arms, dim, alpha=1.0):
        self.arms = list(arms)
        self.alpha = alpha
        self.A = {a: np.eye(dim) for a in self.arms}
        self.b = {a: np.zeros(dim) for a in self.arms}

    def choose(self, x):
        def bound(arm):
            inv = np.linalg.inv(self.A[arm])
            theta = inv @ self.b[arm]
            return theta @ x + self.alpha * math.sqrt(x @ inv @ x)

        return max(self.arms, key=bound)

    def update(self, arm, reward, x):
        self.A[arm] += np.outer(x, x)
        self.b[arm] += reward * x


class Thompson:
    def __init__(self, arms, a=1.0, b=1.0):
        self.arms = list(arms)
        self.state = {arm: [a, b] for arm in self.arms}

    def choose(self, context=None):
        return max(self.arms, key=lambda arm: random.betavariate(*self.state[arm]))

    def update(self, arm, reward, context=None):
        self.state[arm][0 if reward else 1] += 1


POLICIES = {"eps": EpsilonGreedy, "ucb": Ucb, "linucb": LinUcb, "thompson": Thompson}
