"""Runs one strategy up to one date."""

from datetime import date
from typing import Dict

from tideline.market import PriceStore, log_returns, max_drawdown, sharpe
from tideline.strategies import Strategy
from tideline.tracking.service import TrackingService


def simulate(strategy: Strategy, prices: PriceStore, as_of: date, length: int = 750) -> Dict[str, float]:
    returns = log_returns(prices.closes(strategy.symbols, as_of, length))
    weights = strategy.weights(returns)
    earned = (weights * returns.loc[weights.index]).sum(axis=1)
    return {
        "sharpe": sharpe(earned),
        "max_drawdown": max_drawdown(earned),
        "turnover": float(weights.diff().abs().sum(axis=1).mean()),
        "days": float(len(earned)),
    }


def backtest(service: TrackingService, strategy: Strategy, prices: PriceStore, as_of: date) -> str:
    metrics = simulate(strategy, prices, as_of)
    return service.record(service.tags(strategy, as_of), strategy.params(), metrics)
