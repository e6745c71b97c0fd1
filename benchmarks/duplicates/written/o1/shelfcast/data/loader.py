"""Reading sales from the lake."""
import datetime as dt
import logging

import pandas as pd

log = logging.getLogger(__name__)


class NoSalesError(RuntimeError):
    pass


def load_sales(lake, region, cutoff, history_days=730):
    """Sales of a region up to a cutoff.

    Parameters
    ----------
    lake : Path
    region : RegionConfig
    cutoff : datetime.date
        Last day which may be read.
    history_days : int

    Returns
    -------
    pandas.DataFrame
        Columns ``store``, ``category``, ``ds``, ``y``, ``price``, ``promo``.
    """
    start = cutoff - dt.timedelta(days=history_days)
    parts = []
    for store in region.stores:
        path = lake / f"store={store}"
        if not path.exists():
            log.warning("no data for store %s of %s", store, region.code)
            continue
        part = pd.read_parquet(path, filters=[("ds", ">=", start), ("ds", "<=", cutoff)])
        part["store"] = store
        parts.append(part)
    if not parts:
        raise NoSalesError(f"no sales for {region.code} between {start} and {cutoff}")
    frame = pd.concat(parts, ignore_index=True)
    frame["ds"] = pd.to_datetime(frame["ds"])
    return frame.sort_values(["store", "category", "ds"])


def latest_day(lake, region):
    days = []
    for store in region.stores:
        marker = lake / f"store={store}" / "_LAST_DAY"
        if marker.exists():
            days.append(dt.date.fromisoformat(marker.read_text().strip()))
    if not days:
        raise NoSalesError(region.code)
    return min(days)
