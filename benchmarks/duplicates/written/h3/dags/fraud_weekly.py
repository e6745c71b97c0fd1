"""Weekly: train a challenger and let it fight."""
from __future__ import annotations

from datetime import datetime

from airflow.decorators import dag, task


@dag(schedule="0 5 * * 1", start_date=datetime(2023, 1, 2), catchup=False)
def fraud_weekly():
    @task
    def train() -> str:
        from fraudscore.training import train as fit

        return fit(90)

    @task
    def duel(run_id: str) -> bool:
        from fraudscore.promotion.duel import duel as fight

        return fight()

    @task
    def tell(won: bool) -> None:
        print("new champion" if won else "the old one stays")

    tell(duel(train()))


fraud_weekly()
