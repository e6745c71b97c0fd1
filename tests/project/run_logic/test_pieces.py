"""Pieces of run logic at their places."""

CREATES = """
import mlflow
def f(client, e, name, station):
    return client.create_run(
        e,
        run_name=name,
        tags={
            "station": station,
            "stage": "fit",
        },
    )
"""


def test_a_piece_reaches_to_the_end_of_its_call(fragments_of):
    (found,) = fragments_of(CREATES, "create-run")
    assert (found.line, found.first, found.last) == (3, 3, 10)


CHAIN = """
import mlflow
def f(e):
    return (
        mlflow.search_runs([e])
        .sort_values("start_time", ascending=False)
        .run_id.item()
    )
"""


def test_a_search_reaches_to_the_end_of_what_picks_a_run(fragments_of):
    (found,) = fragments_of(CHAIN, "find-run")
    assert (found.first, found.last) == (4, 6)
