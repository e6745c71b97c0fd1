"""Small graphs for few-shot node classification."""
import numpy as np

DATASETS = {"cora": (400, 7), "citeseer": (350, 6), "pubmed": (500, 3)}


class Graph:
    def __init__(self, adj, x, y):
        self.adj, self.x, self.y = adj, x, y

    @property
    def n(self):
        return len(self.y)

    def normalised(self):
        a = self.adj + np.eye(self.n)
        d = a.sum(1)
        return a / np.sqrt(np.outer(d, d))


def load(name, seed=0):
    n, k = DATASETS[name]
    rng = np.random.default_rng(seed)
    y = rng.integers(0, k, n)
    same = y[:, None] == y[None, :]
    prob = np.where(same, 0.06, 0.01)
    adj = np.triu(rng.random((n, n)) < prob, 1).astype(float)
    centers = rng.normal(0, 1, (k, 16))
    x = centers[y] + rng.normal(0, 2.0, (n, 16))
    return Graph(adj + adj.T, x, y)


def few_shot_split(g, shots=5, seed=0):
    rng = np.random.default_rng(seed + 1)
    train = np.concatenate([rng.permutation(np.where(g.y == c)[0])[:shots] for c in np.unique(g.y)])
    rest = np.setdiff1d(np.arange(g.n), train)
    rest = rng.permutation(rest)
    half = len(rest) // 2
    return train, rest[:half], rest[half:]
