"""Where a project calls its client factory."""

from trackfix.project.clients.constructions import Clients
from trackfix.project.clients.factory_calls import find_factory_calls
from trackfix.project.clients.factory_finder import find_client_factory
from trackfix.project.modules.resolution import Resolver


def test_calls_of_the_factory_are_found_under_every_name(tree):
    project = tree(
        {
            "pkg/__init__.py": "from .clients import make as create\n",
            "pkg/clients.py": "from mlflow import MlflowClient\ndef make(): return MlflowClient()\n",
            "app.py": "import pkg.clients as c\nfrom pkg.clients import make as m\n"
            "m(1)\nc.make(2)\ndef f(m): m(3)\nmap(m, x)\nmake(4)\n",
        }
    )
    resolver = Resolver(project)
    clients, factory = Clients(project, resolver), find_client_factory(project, resolver)
    calls = find_factory_calls(clients, factory, "app.py")
    assert [call.document.text[slice(*call.span)] for call in calls] == ["m(1)", "c.make(2)"]
