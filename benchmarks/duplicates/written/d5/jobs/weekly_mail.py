import os
import smtplib
from email.message import EmailMessage

import mlflow
import pandas as pd

BODY = """Hello,

{n} trainings in the last {weeks} weeks. AUC of the last ones:

{table}

{remark}
"""


def history(weeks):
    since = int((pd.Timestamp.utcnow() - pd.Timedelta(weeks=weeks)).timestamp() * 1000)
    df = mlflow.search_runs(
        experiment_names=["/Shared/churn/weekly"],
        filter_string=f"attributes.start_time > {since} and metrics.val_auc > 0",
        order_by=["attributes.start_time ASC"],
    )
    df["week"] = df["start_time"].dt.strftime("%G-%V")
    return df


def remark(df):
    by_week = df.groupby("week")["metrics.val_auc"].max()
    if len(by_week) < 2:
        return ""
    change = by_week.iloc[-1] - by_week.iloc[-2]
    return f"Change since last week: {change:+.4f}"


def send(text, to):
    msg = EmailMessage()
    msg["Subject"] = "churn model, weekly"
    msg["From"] = "noreply@telco.example"
    msg["To"] = to
    msg.set_content(text)
    with smtplib.SMTP(os.environ.get("SMTP_HOST", "localhost")) as smtp:
        smtp.send_message(msg)


if __name__ == "__main__":
    weeks = int(os.environ.get("WEEKS", "6"))
    df = history(weeks)
    table = df.groupby("week")["metrics.val_auc"].agg(["max", "size"]).to_string()
    send(BODY.format(n=len(df), weeks=weeks, table=table, remark=remark(df)), os.environ["MAIL_TO"])
