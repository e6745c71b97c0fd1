"""Compares the best challenger of each region with the champion and moves the alias."""
import logging
import smtplib
import sys
from email.message import EmailMessage

from mlflow.tracking import MlflowClient

from shared.config import load_settings
from shared.registry import Registry

log = logging.getLogger("promote")
MARGIN = 0.01


def challenger(client, exp_id, region):
    best = None
    for r in client.search_runs([exp_id], filter_string="tags.region = '%s'" % region, max_results=1000):
        if r.info.status != "FINISHED":
            continue
        w = r.data.metrics.get("val_wape")
        if w is None:
            continue
        if best is None or w < best.data.metrics["val_wape"]:
            best = r
    return best


def lowest_bias(client, exp_id, region):
    """Second opinion, by absolute bias."""
    runs = client.search_runs(
        [exp_id],
        filter_string=f"tags.region = '{region}' and attributes.status = 'FINISHED'",
        order_by=["metrics.abs_bias ASC"],
        max_results=1,
    )
    return runs[0] if runs else None


def version_of_run(client, name, run_id):
    for mv in client.search_model_versions(f"name = '{name}'"):
        if mv.run_id == run_id:
            return mv
    return None


def notify(addresses, lines):
    if not addresses:
        return
    msg = EmailMessage()
    msg["Subject"] = "demand: champion changed"
    msg["From"] = "demand-science@grocer.example"
    msg["To"] = ", ".join(addresses)
    msg.set_content("\n".join(lines))
    with smtplib.SMTP("mail.internal") as smtp:
        smtp.send_message(msg)


def main():
    settings = load_settings()
    client = MlflowClient()
    registry = Registry(client=client)
    exp = client.get_experiment_by_name(settings.experiment_path)
    if exp is None:
        log.error("no experiment %s", settings.experiment_path)
        return 2
    champion = registry.champion_run()
    current = champion.data.metrics.get("val_wape", 1.0) if champion else 1.0
    lines = []
    for region in settings.regions:
        run = challenger(client, exp.experiment_id, region)
        if run is None or run.data.metrics["val_wape"] > current - MARGIN:
            continue
        other = lowest_bias(client, exp.experiment_id, region)
        if other is not None and other.info.run_id != run.info.run_id:
            log.info("%s: bias would prefer %s", region, other.info.run_id)
        mv = version_of_run(client, registry.name, run.info.run_id) or registry.register(run)
        registry.promote(mv.version)
        lines.append(f"{region}: v{mv.version} ({run.data.metrics['val_wape']:.3f} < {current:.3f})")
    notify(settings.alert_emails, lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
