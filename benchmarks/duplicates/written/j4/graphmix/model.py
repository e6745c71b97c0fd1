import numpy as np


def softmax(z):
    z = z - z.max(1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(1, keepdims=True)


class SGC:
    """Simple graph convolution: k hops and one linear layer."""

    hops = 2

    def __init__(self, lr=0.01, epochs=100, hidden=64, seed=0):
        self.lr, self.epochs = lr, epochs
        self.rng = np.random.default_rng(seed)
        self.w = None

    def propagate(self, g):
        a, h = g.normalised(), g.x
        for _ in range(self.hops):
            h = a @ h
        return h

    def augment(self, h, y):
        return h, np.eye(y.max() + 1)[y]

    def fit(self, g, idx, on_epoch=None):
        h = self.propagate(g)
        k = g.y.max() + 1
        self.w = np.zeros((h.shape[1], k))
        for epoch in range(self.epochs):
            hb, yb = self.augment(h[idx], g.y[idx])
            if yb.shape[1] < k:
                yb = np.pad(yb, ((0, 0), (0, k - yb.shape[1])))
            p = softmax(hb @ self.w)
            self.w -= self.lr * hb.T @ (p - yb)
            if on_epoch:
                on_epoch(epoch, float(-(yb * np.log(p + 1e-9)).sum(1).mean()))
        return self

    def accuracy(self, g, idx):
        pred = (self.propagate(g)[idx] @ self.w).argmax(1)
        return float((pred == g.y[idx]).mean())


class Mix(SGC):
    """Ours: mixes pairs of nodes."""

    def augment(self, h, y):
        lam = self.rng.beta(2, 2)
        perm = self.rng.permutation(len(y))
        one = np.eye(y.max() + 1)[y]
        return lam * h + (1 - lam) * h[perm], lam * one + (1 - lam) * one[perm]


class LabelProp(SGC):
    """Baseline without features: spreads the labels over the edges."""

    def propagate(self, g):
        return g.normalised() @ np.eye(g.n)

    def fit(self, g, idx, on_epoch=None):
        self.w = np.zeros((g.n, g.y.max() + 1))
        self.w[idx, g.y[idx]] = 1.0
        return self


METHODS = {"sgc": SGC, "mix": Mix, "lp": LabelProp}
