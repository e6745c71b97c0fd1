"""The dashboard. Start it with `streamlit run`."""

from __future__ import annotations

import plotly.express as px
import streamlit as st

from runlens.dash import frames
from runlens.queries import is_minimized, latest_run
from runlens.store import experiment_id_of, get_client


@st.cache_resource
def client():
    """The client of the dashboard."""
    return get_client()


def sidebar() -> tuple[str, int]:
    """Which experiment and how many days."""
    names = sorted(e.name for e in client().search_experiments())
    name = st.sidebar.selectbox("Experiment", names)
    days = st.sidebar.slider("Days", 1, 180, 30)
    return name, days


def header(name: str) -> None:
    """The newest run."""
    run = latest_run(experiment_id_of(name))
    if run is None:
        st.info("There are no runs yet.")
        return
    st.subheader(run.info.run_name or run.info.run_id)
    shown = dict(filter(lambda item: not item[0].startswith("mlflow."), run.data.tags.items()))
    st.json(shown, expanded=False)
    if run.info.status == "RUNNING" and st.button("Stop"):
        client().set_terminated(run.info.run_id, status="KILLED")
        st.rerun()


def body(name: str, days: int) -> None:
    """Charts."""
    frame = frames.load(name, days)
    if frame.empty:
        return
    st.bar_chart(frames.per_day(frame))
    metrics = sorted(c.removeprefix("metrics.") for c in frame if c.startswith("metrics."))
    if not metrics:
        return
    metric = st.selectbox("Metric", metrics)
    row = frames.champion(name, metric, is_minimized(metric))
    if row is not None:
        st.metric(f"Best {metric}", f"{row[f'metrics.{metric}']:.4f}", help=row["run_id"])
    colored = frames.with_dataset(frame)
    st.plotly_chart(px.scatter(colored, x="start_time", y=f"metrics.{metric}", color="dataset"))
    st.dataframe(frames.by_user(frame))


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title="runlens", layout="wide")
    name, days = sidebar()
    if name:
        header(name)
        body(name, days)


if __name__ == "__main__":
    main()
