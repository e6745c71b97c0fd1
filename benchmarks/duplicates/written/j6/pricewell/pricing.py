"""Demand curves and prices. Nothing of MLflow in here."""
import math
import random
from dataclasses import dataclass
from statistics import mean
from typing import Iterable, List, Tuple


@dataclass(frozen=True)
class Sale:
    price: float
    units: int
    weekday: int = 0


@dataclass
class Curve:
    """log(units) = a + b * log(price)"""

    a: float
    b: float

    def units(self, price: float) -> float:
        return math.exp(self.a + self.b * math.log(price))

    def revenue(self, price: float, cost: float = 0.0) -> float:
        return (price - cost) * self.units(price)


class NotEnoughData(ValueError):
    pass


def fit_curve(sales: Iterable[Sale], ridge: float = 0.1) -> Curve:
    pts = [(math.log(s.price), math.log(s.units)) for s in sales if s.price > 0 and s.units > 0]
    if len(pts) < 8:
        raise NotEnoughData(f"only {len(pts)} sales")
    mx, my = mean(p[0] for p in pts), mean(p[1] for p in pts)
    sxx = sum((x - mx) ** 2 for x, _ in pts)
    sxy = sum((x - mx) * (y - my) for x, y in pts)
    b = min(sxy / (sxx + ridge), -0.05)
    return Curve(a=my - b * mx, b=b)


def mape(curve: Curve, sales: Iterable[Sale]) -> float:
    errs = [abs(s.units - curve.units(s.price)) / s.units for s in sales if s.units > 0]
    return mean(errs) if errs else float("nan")


def best_price(curve: Curve, cost: float, low: float, high: float, steps: int = 50) -> Tuple[float, float]:
    grid = [low + (high - low) * i / (steps - 1) for i in range(steps)]
    best = max(grid, key=lambda p: curve.revenue(p, cost))
    return round(best, 2), round(curve.revenue(best, cost), 2)


def demo_sales(product: str, n: int = 60) -> List[Sale]:
    rng = random.Random(product)
    base = rng.uniform(8, 40)
    out = []
    for i in range(n):
        price = base * rng.uniform(0.8, 1.25)
        units = max(1, int(rng.gauss(2000 / price, 8)))
        out.append(Sale(round(price, 2), units, i % 7))
    return out
