from datetime import date, datetime, timedelta


def today() -> date:
    return datetime.utcnow().date()


def yesterday() -> date:
    return today() - timedelta(days=1)


def iso(d) -> str:
    return d.isoformat() if hasattr(d, "isoformat") else str(d)


def is_holiday(d: date) -> bool:
    return (d.month, d.day) in {(1, 1), (5, 1), (12, 24), (12, 25), (12, 26), (12, 31)}


def week_of_season(d: date, season_start=(3, 1)) -> int:
    start = date(d.year if (d.month, d.day) >= season_start else d.year - 1, *season_start)
    return (d - start).days // 7
