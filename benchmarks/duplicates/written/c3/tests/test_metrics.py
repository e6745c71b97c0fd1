import numpy as np

from scorelib.metrics import gini, psi


def test_perfect_order_has_gini_one():
    assert gini(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9])) == 1.0


def test_same_sample_has_no_drift():
    x = np.linspace(0, 1, 500)
    assert abs(psi(x, x)) < 1e-9
