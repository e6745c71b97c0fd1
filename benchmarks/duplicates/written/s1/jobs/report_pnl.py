#!/usr/bin/env python
"""Monday mail: P&L per zone, model in use, best model of the zone."""
import smtplib
from collections import defaultdict
from email.message import EmailMessage

from mlflow.tracking import MlflowClient

from common.settings import EXP_BACKTEST, EXP_LOAD, TRACKING_URI, ZONES, setup_logging

log = setup_logging("report_pnl")
cl = MlflowClient(tracking_uri=TRACKING_URI)


def exp_id(name):
    e = cl.get_experiment_by_name(name)
    if e is None:
        raise SystemExit(f"no experiment called {name}")
    return e.experiment_id


def pnl_by_zone():
    tot = defaultdict(float)
    for r in cl.search_runs([exp_id(EXP_BACKTEST)], "attributes.status = 'FINISHED'", max_results=5000):
        tot[r.data.tags.get("zone", "?")] += r.data.metrics.get("pnl_eur", 0.0)
    return dict(tot)


def in_use(zone):
    flt = "tags.last_good='1' and tags.zone='{}'".format(zone)
    for r in cl.search_runs([exp_id(EXP_LOAD)], flt, order_by=["attributes.start_time DESC"]):
        if r.info.status == "FINISHED":
            return r.info.run_id
    return None


def champion(zone):
    lowest, who = float("inf"), None
    for r in cl.search_runs([exp_id(EXP_LOAD)], f"tags.zone = '{zone}'"):
        if r.info.status != "FINISHED" or "holdout_mae" not in r.data.metrics:
            continue
        if r.data.metrics["holdout_mae"] < lowest:
            lowest, who = r.data.metrics["holdout_mae"], r.info.run_id
    return who, lowest


def worst_day(zone):
    rs = cl.search_runs([exp_id(EXP_BACKTEST)], f"tags.zone = '{zone}'",
                        order_by=["metrics.pnl_eur ASC"], max_results=1)
    return rs[0] if rs else None


def body():
    lines = ["zone      pnl      in use     best (mae)"]
    pnl = pnl_by_zone()
    for z in ZONES:
        use = in_use(z) or "-"
        best, mae = champion(z)
        lines.append(f"{z:6} {pnl.get(z, 0):10.0f}  {use[:8]}  {(best or '-')[:8]} ({mae:.1f})")
        w = worst_day(z)
        if w is not None:
            lines.append(f"       worst: {w.data.metrics['pnl_eur']:.0f} ({w.info.run_id[:8]})")
    return "\n".join(lines)


def send(text):
    m = EmailMessage()
    m["Subject"] = "ST desk - weekly"
    m["From"] = "mlf@desk.local"
    m["To"] = "st-desk@desk.local"
    m.set_content(text)
    with smtplib.SMTP("mail.desk.local") as s:
        s.send_message(m)


if __name__ == "__main__":
    t = body()
    log.info("\n%s", t)
    send(t)
