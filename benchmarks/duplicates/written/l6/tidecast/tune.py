import itertools

from tidecast.metrics import smape, windows


def grid(cls, space, y, horizon, n=3, callback=None):
    best, best_score = None, float("inf")
    if callback:
        callback.begin()
    keys = sorted(space)
    for i, values in enumerate(itertools.product(*(space[k] for k in keys))):
        m = cls(horizon, **dict(zip(keys, values)))
        s = sum(smape(b, m.fit(a).predict()) for a, b in windows(y, horizon, n)) / n
        if callback:
            callback.trial(i, m, s)
        if s < best_score:
            best, best_score = m, s
    if callback:
        callback.end()
    return best, best_score
