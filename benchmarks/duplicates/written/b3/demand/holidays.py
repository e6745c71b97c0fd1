"""Calendar table from public holiday lists."""
import csv
import datetime as dt
from pathlib import Path


def easter(year):
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


def fixed(year):
    return {
        dt.date(year, 1, 1): "new year",
        dt.date(year, 5, 1): "labour day",
        dt.date(year, 12, 25): "christmas",
        dt.date(year, 12, 26): "boxing day",
    }


def movable(year):
    sunday = easter(year)
    return {
        sunday - dt.timedelta(days=2): "good friday",
        sunday + dt.timedelta(days=1): "easter monday",
        sunday + dt.timedelta(days=39): "ascension",
        sunday + dt.timedelta(days=50): "whit monday",
    }


def calendar(first, last):
    day = dt.date(first, 1, 1)
    names = {}
    for year in range(first, last + 1):
        names |= fixed(year) | movable(year)
    while day.year <= last:
        yield day, names.get(day)
        day += dt.timedelta(days=1)


def write(path: Path, first: int, last: int) -> int:
    count = 0
    with path.open("w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["day", "holiday"])
        for day, name in calendar(first, last):
            out.writerow([day.isoformat(), name or ""])
            count += 1
    return count
