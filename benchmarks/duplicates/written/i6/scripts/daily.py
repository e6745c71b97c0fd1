"""The job of each morning."""

import sys
from datetime import date
from pathlib import Path

from tideline.backtest import backtest
from tideline.dates import previous_business_day
from tideline.market import PriceStore
from tideline.strategies import STRATEGIES
from tideline.tracking.service import TrackingService


def main() -> int:
    service = TrackingService("tideline")
    prices = PriceStore(Path("prices"))
    day = previous_business_day(date.today())
    failed = 0
    for name, cls in STRATEGIES.items():
        if service.runs.on_date(name, day) is not None:
            continue
        try:
            print(name, backtest(service, cls(), prices, day))
        except (FileNotFoundError, ValueError) as error:
            print(name, "failed:", error, file=sys.stderr)
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
