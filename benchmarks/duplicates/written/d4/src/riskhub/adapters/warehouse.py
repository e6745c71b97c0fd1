from __future__ import annotations

import pandas as pd
from sqlalchemy import create_engine, text

from riskhub.core.model import Portfolio
from riskhub.core.settings import WarehouseSettings

_COLUMNS = {
    Portfolio.MORTGAGE: ["ltv", "dti", "age", "income", "term"],
    Portfolio.CARDS: ["utilisation", "limit", "age", "income", "delinquencies"],
    Portfolio.SME: ["turnover", "ebitda", "years", "sector", "employees"],
}


class SqlWarehouse:
    def __init__(self, conf: WarehouseSettings):
        self._engine = create_engine(conf.dsn.get_secret_value())
        self._schema = conf.schema_name

    def applications(self, portfolio: Portfolio, as_of: str) -> pd.DataFrame:
        columns = ", ".join(f'"{c}"' for c in columns_of(portfolio))
        sql = text(
            f"select application_id, {columns}, defaulted from {self._schema}.{portfolio.value} "
            "where snapshot = :as_of and defaulted is not null"
        )
        with self._engine.connect() as con:
            df = pd.read_sql(sql, con, params={"as_of": as_of})
        if df["application_id"].duplicated().any():
            raise ValueError(f"duplicated applications in {portfolio.value} at {as_of}")
        return df


def columns_of(portfolio: Portfolio) -> list[str]:
    return _COLUMNS[portfolio]
