"""Delivery hours. 23 and 25 hour days are the reason this file exists."""
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

CET = ZoneInfo("Europe/Berlin")


def delivery_hours(day: date):
    start = datetime(day.year, day.month, day.day, tzinfo=CET).astimezone(timezone.utc)
    nxt = day + timedelta(days=1)
    end = datetime(nxt.year, nxt.month, nxt.day, tzinfo=CET).astimezone(timezone.utc)
    out = []
    t = start
    while t < end:
        out.append(t)
        t += timedelta(hours=1)
    return out


def tomorrow(now=None):
    now = now or datetime.now(tz=CET)
    return (now + timedelta(days=1)).date()


def gate_closure(day: date):
    """Day-ahead auction closes at noon the day before."""
    d = day - timedelta(days=1)
    return datetime(d.year, d.month, d.day, 12, 0, tzinfo=CET)


def minutes_to_gate(day: date, now=None):
    now = now or datetime.now(tz=CET)
    return int((gate_closure(day) - now).total_seconds() // 60)
