"""Business days."""

from datetime import date, timedelta
from typing import Iterator, Set

HOLIDAYS: Set[date] = {date(2026, 1, 1), date(2026, 4, 3), date(2026, 12, 25)}


def is_business_day(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def business_days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        if is_business_day(day):
            yield day
        day += timedelta(days=1)


def previous_business_day(day: date) -> date:
    day -= timedelta(days=1)
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day
