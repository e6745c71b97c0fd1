"""Reading from and writing to the warehouse."""
from __future__ import annotations

from datetime import date, datetime

import pandas as pd
from prefect import task
from sqlalchemy import create_engine, text

import settings

LOAD_SQL = """
    select ts, mw, temperature, wind, irradiance
    from measurements
    where region = :region and ts >= :start and ts < :stop
    order by ts
"""


def engine():
    return create_engine(settings.WAREHOUSE_DSN, pool_pre_ping=True)


@task(retries=3, retry_delay_seconds=60)
def read_load(region: str, start: date, stop: date) -> pd.DataFrame:
    with engine().connect() as con:
        df = pd.read_sql(
            text(LOAD_SQL), con, params={"region": region, "start": start, "stop": stop}, parse_dates=["ts"]
        )
    if df.empty:
        raise ValueError(f"no load of {region} between {start} and {stop}")
    df = df.set_index("ts").asfreq("h")
    return df.interpolate(limit=3)


@task(retries=3, retry_delay_seconds=60)
def write_forecast(region: str, forecast: pd.DataFrame, run_id: str) -> int:
    out = forecast.assign(region=region, run_id=run_id, written_at=datetime.utcnow())
    out.to_sql("forecasts", engine(), if_exists="append", index_label="ts")
    return len(out)


@task
def read_forecasts(region: str, day: date) -> pd.DataFrame:
    sql = text("select ts, mw_hat, run_id from forecasts where region = :region and ts::date = :day")
    with engine().connect() as con:
        return pd.read_sql(sql, con, params={"region": region, "day": day}, parse_dates=["ts"])
