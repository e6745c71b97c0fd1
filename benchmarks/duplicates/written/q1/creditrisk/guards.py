"""Guards used before anything is written to a regulated location."""
from __future__ import annotations

import logging
import re
from datetime import date
from typing import Iterable

import pandas as pd

from creditrisk.constants import MAX_PSI, MIN_GINI, PORTFOLIOS

logger = logging.getLogger(__name__)

_MONTH = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")


class GuardViolation(RuntimeError):
    """A control failed; the job must stop and be looked at by a human."""


def require_portfolio(portfolio: str) -> str:
    if portfolio not in PORTFOLIOS:
        raise GuardViolation(f"unknown portfolio {portfolio!r}, expected one of {PORTFOLIOS}")
    return portfolio


def require_month(month: str, *, today: date | None = None) -> str:
    if not _MONTH.match(month):
        raise GuardViolation(f"reporting month must be YYYY-MM, got {month!r}")
    today = today or date.today()
    if month > today.strftime("%Y-%m"):
        raise GuardViolation(f"reporting month {month} lies in the future")
    return month


def require_columns(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    missing = sorted(set(columns) - set(frame.columns))
    if missing:
        raise GuardViolation(f"columns missing from extract: {', '.join(missing)}")


def require_stable(psi: dict[str, float]) -> None:
    bad = {name: value for name, value in psi.items() if value > MAX_PSI}
    if bad:
        worst = max(bad, key=bad.get)
        logger.error("PSI above %.2f for %d features, worst is %s", MAX_PSI, len(bad), worst)
        raise GuardViolation(f"population shift on {sorted(bad)}")


def require_gini(portfolio: str, gini: float) -> None:
    floor = MIN_GINI[portfolio]
    if gini < floor:
        raise GuardViolation(f"{portfolio}: gini {gini:.3f} is below the floor of {floor:.3f}")
