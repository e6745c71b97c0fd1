"""Where experiments come from."""

import pytest

from trackfix.project.run_logic.creating.experiments import experiment_origin

HEAD = "import mlflow\nclient = mlflow.MlflowClient()\n"


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ("x = client.get_experiment_by_name(n).experiment_id", "name"),
        ("e = mlflow.set_experiment(n)\nx = [e.experiment_id]", "name"),
        ("e = client.get_experiment_by_name(n)\nx = e.experiment_id if e else None", "name"),
        ("def f(e):\n    return [e]", "parameter"),
        ("def f(self):\n    return self.experiment_id", "parameter"),
        ("x = client.get_run(r).info.experiment_id", "run"),
        ("x = mlflow.active_run().info.experiment_id", "active"),
        ("r = mlflow.active_run()\nx = r.info.experiment_id", "active"),
        ("x = [e.experiment_id for e in client.search_experiments()]", "all"),
        ("x = ['0']", "literal"),
        ("x = resolve_experiment(n)", "helper"),
        ("x = get_or_make_exp(n)", "helper"),
        ("x = expand(n)", ""),
        ("def own(n):\n    return c.create_experiment(n)\n\nx = own(n)", "helper"),
        ("def own(n):\n    return n\n\nx = own(n)", ""),
        ("async def f():\n    return await asyncio.to_thread(c.get_experiment_by_name, n)", "name"),
        ("def f():\n    return retry(lambda: c.get_experiment_by_name(n))", "name"),
        ("x = anything(n)", ""),
        ("x = []", ""),
        ("a = b\nb = a\nx = a", ""),
    ],
)
def test_the_origin_is_followed_through_names(last_value, source, origin):
    body, node = last_value(HEAD + source)
    assert experiment_origin(node, body, node.lineno)[0] == origin


def test_an_experiment_that_is_looked_for_again_and_again_comes_to_an_end(last_value):
    again = "\n".join("if not e:\n    e = [first(e) or e]" for _ in range(200))
    body, node = last_value(f"{HEAD}e = client.get_experiment_by_name(n)\n{again}\nx = e")
    assert experiment_origin(node, body, node.lineno)[0] in ("name", "")


def test_a_method_of_the_class_may_give_the_experiment(fragments_of):
    source = (
        "class A:\n    def at(self):\n        return c.create_experiment('n')\n\n"
        "    def f(self):\n        return client.create_run(self.at())"
    )
    assert [found.experiment for found in fragments_of(HEAD + source, "create-run")] == ["helper"]
