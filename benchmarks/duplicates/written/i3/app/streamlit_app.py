"""The page that the growth team looks at."""

import json

import mlflow
import pandas as pd
import streamlit as st

from churncast.settings import TARGETS


@st.cache_data(ttl=300)
def runs_table(experiment: str) -> pd.DataFrame:
    return mlflow.search_runs(experiment_names=[experiment], order_by=["start_time DESC"], max_results=200)


@st.cache_data(ttl=300)
def top_model(experiment: str, target: str):
    found = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f"tags.target = '{target}' and status = 'FINISHED'",
        order_by=["metrics.val_rmse ASC"],
        max_results=1,
        output_format="list",
    )
    if not found:
        st.warning("No finished run yet")
        return None
    return found[0]


@st.cache_data(ttl=300)
def longest_run(experiment: str):
    frame = runs_table(experiment)
    if frame.empty:
        return None
    took = frame["end_time"] - frame["start_time"]
    return frame.loc[took.idxmax(), "run_id"]


def feature_list(run) -> list:
    text = run.data.tags.get("features", "")
    if text:
        return json.loads(text)
    return []


def page() -> None:
    st.title("churncast")
    target = st.sidebar.selectbox("Target", TARGETS, format_func=lambda t: t.name)
    table = runs_table(target.experiment)
    st.metric("Runs", len(table))
    if "metrics.val_rmse" in table:
        st.line_chart(table.set_index("start_time")["metrics.val_rmse"])
    run = top_model(target.experiment, target.name)
    if run is not None:
        st.subheader(f"Best: {run.info.run_name}")
        st.write(run.data.params)
        st.write(feature_list(run))
    st.caption(f"Longest run: {longest_run(target.experiment)}")


page()
