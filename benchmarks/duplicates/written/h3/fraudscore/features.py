"""Features of a payment."""
from __future__ import annotations

import math
from typing import Mapping

import pandas as pd

ALL = ["amount_log", "night", "foreign", "new_device", "tries_1h", "merchant_risk"]
HOME = "NL"


def from_payment(payment: Mapping) -> dict[str, float]:
    hour = int(payment.get("hour", 12))
    return {
        "amount_log": math.log1p(float(payment["amount"])),
        "night": float(hour < 6 or hour > 22),
        "foreign": float(payment.get("country", HOME) != HOME),
        "new_device": float(bool(payment.get("new_device"))),
        "tries_1h": float(payment.get("tries_1h", 0)),
        "merchant_risk": float(payment.get("merchant_risk", 0.1)),
    }


def table(payments: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame([from_payment(row) for row in payments.to_dict("records")], index=payments.index)
