"""Lakiernia (paint shop), Poznań."""
import datetime
import logging

import mlflow
import pandas as pd

from werkml.mixins import ExperimentMixin
from werkml.rejestr import zarejestruj

log = logging.getLogger(__name__)


class BrakPrzebiegu(LookupError):
    """nie ma takiego przebiegu"""


@zarejestruj("lakiernia")
class Lakiernia(ExperimentMixin):
    def __init__(self, kabina, modell="zacieki"):
        self.kabina = kabina
        self.modell = modell

    def ostatni_zwolniony(self):
        warunki = ["tags.freigabe = 'ja'", "tags.modell = '{}'".format(self.modell), "attributes.status = 'FINISHED'"]
        df = mlflow.search_runs(
            [self.experiment_id], " AND ".join(warunki), order_by=["start_time DESC"], max_results=1
        )
        if df.empty:
            return None
        return self.client.get_run(df.at[0, "run_id"])

    def ostatni_kabiny(self):
        """Ostatni przebieg tej kabiny, zwolniony czy nie."""
        df = mlflow.search_runs(
            [self.experiment_id], f"tags.kabina = '{self.kabina}'", order_by=["start_time DESC"], max_results=1
        )
        if df.empty:
            return None
        return self.client.get_run(df.at[0, "run_id"])

    def dla_partii(self, partia):
        """przebieg dla partii (Charge)"""
        for r in self.client.search_runs(
            [self.experiment_id], f"tags.charge = '{partia}'", order_by=["attributes.start_time DESC"], max_results=1
        ):
            return r
        raise BrakPrzebiegu(partia)

    def klimat(self, od, do):
        df = pd.read_sql("select * from klimat where kabina = ? and t between ? and ?", "sqlite:///k.db",
                         params=(self.kabina, od, do))
        df["odchylka"] = (df["temp"] - 23).abs() + (df["wilg"] - 65).abs() / 5
        return df.set_index("t").resample("5min").mean(numeric_only=True)

    def ocen(self, partia):
        r = self.dla_partii(partia)
        start = datetime.datetime.fromtimestamp(r.info.start_time / 1000)
        k = self.klimat(start - datetime.timedelta(hours=2), start)
        with mlflow.start_run(run_id=r.info.run_id):
            mlflow.set_tags({"kabina": self.kabina, "oceniono": "tak", "ocenil": "lakiernia"})
            mlflow.log_metric("odchylka_max", k["odchylka"].max())
        return k["odchylka"].max() < 3

    def prognoza(self, x):
        r = self.ostatni_zwolniony()
        if r is None:
            raise BrakPrzebiegu(self.modell)
        return mlflow.pyfunc.load_model(f"runs:/{r.info.run_id}/model").predict(x)
