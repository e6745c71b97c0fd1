"""Informe para el cliente (Excel)."""
import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient


def experimento():
    e = mlflow.get_experiment_by_name("tiendas/weekly")
    if e is None:
        raise SystemExit("no hay experimento")
    return e.experiment_id


def hijos(eid, padre_id):
    return mlflow.search_runs([eid], "tags.mlflow.parentRunId = '%s'" % padre_id)


def hermanos(eid, run_id):
    """Runs with the same parent as this one, without itself."""
    run = MlflowClient().get_run(run_id)
    padre_id = run.data.tags.get("mlflow.parentRunId")
    if not padre_id:
        return pd.DataFrame()
    df = hijos(eid, padre_id)
    return df[df.run_id != run_id]


def ultimo_informe(eid):
    """The last week which was published to the customer."""
    df = mlflow.search_runs(
        [eid], "tags.level = 'week' and tags.published = 'yes'", order_by=["attributes.start_time DESC"], max_results=1
    )
    if df.empty:
        return None
    return df.loc[0, "run_id"]


def marcar(run_id, fichero, destinatario):
    c = MlflowClient()
    c.set_tag(run_id, "published", "yes")
    c.set_tag(run_id, "published.file", fichero)
    c.set_tag(run_id, "published.to", destinatario)


def escribir(run_id, fichero="/tmp/informe.xlsx", destinatario="compras@tiendas.example"):
    eid = experimento()
    anterior = ultimo_informe(eid)
    df = hijos(eid, run_id)[["tags.store", "params.model", "metrics.wape"]]
    df.columns = ["tienda", "modelo", "wape"]
    if anterior:
        old = hijos(eid, anterior).set_index("tags.store")["metrics.wape"]
        df["cambio"] = df["wape"] - df["tienda"].map(old)
    with pd.ExcelWriter(fichero) as w:
        df.sort_values("wape", ascending=False).to_excel(w, sheet_name="semana", index=False)
        df.groupby("modelo")["wape"].describe().to_excel(w, sheet_name="modelos")
    marcar(run_id, fichero, destinatario)
    return fichero
