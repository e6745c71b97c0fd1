"""ISO week arithmetic."""
from datetime import date, timedelta

import pandas as pd


def iso_week(d: date) -> str:
    y, w, _ = d.isocalendar()
    return f"{y}-W{w:02d}"


def week_start(week: str) -> date:
    year, w = week.split("-W")
    return date.fromisocalendar(int(year), int(w), 1)


def weeks_between(first: str, last: str) -> list:
    out, d = [], week_start(first)
    while d <= week_start(last):
        out.append(iso_week(d))
        d += timedelta(days=7)
    return out


def add_holidays(df: pd.DataFrame, holidays: pd.DataFrame) -> pd.DataFrame:
    h = holidays.assign(week=holidays["date"].map(iso_week)).groupby("week").size().rename("n_holidays")
    return df.join(h, on="week").fillna({"n_holidays": 0})
