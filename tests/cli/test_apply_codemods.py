"""Which codemods ``trackfix apply`` runs."""

from click.testing import CliRunner

from trackfix.cli import cli

APP = "from mlflow import MlflowClient\n\nclient = MlflowClient()\n"
CLIENTS = (
    "def create_client(tracking_uri=None):\n    from mlflow import MlflowClient\n"
    "    return MlflowClient(tracking_uri)\n"
)


def apply(tmp_path, *options):
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "clients.py").write_text(CLIENTS)
    done = CliRunner().invoke(cli, ["apply", *options, str(tmp_path)])
    assert done.exit_code == 0, done.output
    return (tmp_path / "app.py").read_text()


def test_a_codemod_on_request_does_not_run_by_itself(tmp_path):
    assert apply(tmp_path) == APP


def test_nor_does_it_run_beside_another(tmp_path):
    assert apply(tmp_path, "--remove-shims") == APP
    assert apply(tmp_path, "--codemod", "rewrite-imports") == APP


def test_it_runs_when_it_is_asked_for(tmp_path):
    assert apply(tmp_path, "--codemod", "use-client-factory") == (
        "from clients import create_client\n\nclient = create_client()\n"
    )
