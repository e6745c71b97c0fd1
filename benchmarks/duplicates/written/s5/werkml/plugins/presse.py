"""Presswerk: Rissvorhersage. Nutzt noch v1."""
import statistics

import mlflow

from werkml.rejestr import zarejestruj
from werkml.v1.hilfen import freigegebener_lauf, komma, ppm
from werkml.v1.tracking import Tracking


@zarejestruj("presse")
class Presse:
    modell = "riss"

    def __init__(self, werk, linie, auftrag):
        self.t = Tracking(werk, linie)
        self.auftrag = auftrag

    def lerne(self, kraefte, ok):
        self.t.start("riss", self.auftrag)
        mitte = statistics.median(k for k, o in zip(kraefte, ok) if o)
        streu = statistics.pstdev(kraefte)
        falsch = sum((abs(k - mitte) < 3 * streu) != o for k, o in zip(kraefte, ok))
        self.t.log(mitte=mitte, streuung=streu, ausschuss_ppm=ppm(len(ok), falsch), modell=self.modell)
        self.t.stop()
        return mitte, streu

    def beste_einstellung(self):
        name = f"{self.t.werk}/{self.t.linie}"
        if mlflow.get_experiment_by_name(name) is None:
            raise LookupError(name)
        best = None
        for r in mlflow.search_runs(experiment_names=[name], filter_string=f"tags.modell = '{self.modell}'",
                                    output_format="list"):
            v = r.data.metrics.get("ausschuss_ppm")
            if r.info.status == "FINISHED" and v is not None:
                if best is None or v < best.data.metrics["ausschuss_ppm"]:
                    best = r
        return best

    def hoechste_ausbringung(self):
        df = mlflow.search_runs(experiment_names=[f"{self.t.werk}/{self.t.linie}"],
                                filter_string=f"tags.modell = '{self.modell}' and attributes.status = 'FINISHED'",
                                order_by=["metrics.teile_pro_h DESC"], max_results=1)
        return None if df.empty else mlflow.get_run(df.run_id[0])

    def toleranz(self):
        r = freigegebener_lauf(self.t.client, self.t.setup_experiment(), self.modell)
        if r is None or "toleranz" not in r.data.tags:
            return None
        teile = [komma(s) for s in r.data.tags["toleranz"].split(";")]
        return teile[0], teile[1]
