"""The import of the factory goes where the class was imported, and closes no circle."""

import pytest

IMPORT = "from lib.clients import create_client\n"

PLACED = {
    "a local import stays local": (
        "def probe():\n    from mlflow import MlflowClient\n\n    return MlflowClient('a')\n",
        "def probe():\n    from lib.clients import create_client\n\n    return create_client('a')\n",
    ),
    "a local import within a try": (
        "def probe():\n    try:\n        from mlflow import MlflowClient\n\n        client = MlflowClient()\n    except ImportError:\n        return None\n    return client\n",
        "def probe():\n    try:\n        from lib.clients import create_client\n\n        client = create_client()\n    except ImportError:\n        return None\n    return client\n",
    ),
    "a block does not begin with a blank line": (
        "import mlflow\n\ndef probe():\n    if mlflow:\n        from mlflow.tracking import MlflowClient\n\n        return MlflowClient(), mlflow.MlflowClient()\n",
        f"import mlflow\n\n{IMPORT}\ndef probe():\n    if mlflow:\n        return create_client(), create_client()\n",
    ),
    "the blank line behind a comment stays": (
        "import mlflow\n\ndef probe():\n    # Late.\n    from mlflow.tracking import MlflowClient\n\n    return MlflowClient(), mlflow.MlflowClient()\n",
        f"{IMPORT}\ndef probe():\n    # Late.\n\n    return create_client(), create_client()\n",
    ),
    "behind another statement of its line nothing is left of it": (
        "import mlflow\nimport os; from mlflow import MlflowClient as C; x = os.sep  # why\n\ndef probe(): return mlflow.MlflowClient(), C(), x\n",
        f"{IMPORT}import os; x = os.sep  # why\n\ndef probe(): return create_client(), create_client(), x\n",
    ),
    "nor is it where it comes first in its line": (
        "import mlflow\nfrom mlflow import MlflowClient as C; x = 1\n\ndef probe(): return mlflow.MlflowClient(), C(), x\n",
        f"{IMPORT}x = 1\n\ndef probe(): return create_client(), create_client(), x\n",
    ),
    "one at the top makes a local one needless": (
        "import mlflow\n\ndef probe():\n    from mlflow.tracking import MlflowClient\n    return MlflowClient(), mlflow.MlflowClient()\n",
        f"{IMPORT}\ndef probe():\n    return create_client(), create_client()\n",
    ),
    "the import that is there already is used": (
        f"from mlflow import MlflowClient\n\n{IMPORT}\ndef probe(): return MlflowClient(), create_client()\n",
        f"{IMPORT}\ndef probe(): return create_client(), create_client()\n",
    ),
    "the factory by another name": (
        "from mlflow import MlflowClient\n\nfrom lib.clients import create_client as make_client\n\ndef probe(): return MlflowClient(), make_client()\n",
        "from lib.clients import create_client as make_client\n\ndef probe(): return make_client(), make_client()\n",
    ),
    "into its section, sorted": (
        "import os\n\nfrom mlflow import MlflowClient\n\nfrom lib import a_module\nfrom lib.other import x\n\ndef probe(): return MlflowClient(), os.sep, a_module, x\n",
        "import os\n\nfrom lib import a_module\nfrom lib.clients import create_client\nfrom lib.other import x\n\ndef probe(): return create_client(), os.sep, a_module, x\n",
    ),
    "beside another name of the factory's module": (
        "from mlflow import MlflowClient\n\nfrom lib.clients import LIMIT\n\ndef probe(): return MlflowClient(), LIMIT\n",
        "from lib.clients import LIMIT, create_client\n\ndef probe(): return create_client(), LIMIT\n",
    ),
    "with the comment that speaks to a tool": (
        "import sys\nsys.dont_write_bytecode = True\nfrom mlflow import MlflowClient  # noqa: E402\n\ndef probe(x: MlflowClient = None): return MlflowClient()\n",
        "import sys\nsys.dont_write_bytecode = True\nfrom mlflow import MlflowClient  # noqa: E402\n\nfrom lib.clients import create_client  # noqa: E402\n\ndef probe(x: MlflowClient = None): return create_client()\n",
    ),
    "without the comment that speaks of the types of mlflow": (
        "from mlflow import MlflowClient  # type: ignore\n\ndef probe(x: MlflowClient = None): return MlflowClient()\n",
        f"from mlflow import MlflowClient  # type: ignore\n\n{IMPORT}\ndef probe(x: MlflowClient = None): return create_client()\n",
    ),
    "an import that is there on purpose stays": (
        "from mlflow import MlflowClient  # noqa: F401\n\ndef probe(): return MlflowClient()\n",
        "from mlflow import MlflowClient  # noqa: F401\n\nfrom lib.clients import create_client\n\ndef probe(): return create_client()\n",
    ),
    "a name in __all__ stays": (
        "from mlflow import MlflowClient\n\n__all__ = ['MlflowClient', 'probe']\n\ndef probe(): return MlflowClient()\n",
        f"from mlflow import MlflowClient\n\n{IMPORT}\n__all__ = ['MlflowClient', 'probe']\n\ndef probe(): return create_client()\n",
    ),
    "the other names of the import stay, and the comment": (
        "from mlflow import (\n    MlflowClient,  # slow\n    log_metric,\n)\n\ndef probe(): return MlflowClient(), log_metric()\n",
        "from mlflow import log_metric\n\nfrom lib.clients import (\n    create_client,  # slow\n)\n\ndef probe(): return create_client(), log_metric()\n",
    ),
    "for type checkers and at run time": (
        "from typing import TYPE_CHECKING\n\nfrom mlflow import MlflowClient as C\n\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\n\ndef probe() -> 'MlflowClient': return C()\n",
        f"from typing import TYPE_CHECKING\n\n{IMPORT}\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\n\ndef probe() -> 'MlflowClient': return create_client()\n",
    ),
    "one for type checkers that nothing reads, and one in the function": (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\n\ndef probe():\n    from mlflow import MlflowClient\n    return MlflowClient()\n",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\n\ndef probe():\n    from lib.clients import create_client\n    return create_client()\n",
    ),
}
LIB = {
    "lib/a_module.py": "",
    "lib/other.py": "x = 1\n",
    "lib/clients.py": "LIMIT = 3\n\ndef create_client(tracking_uri=None, registry_uri=None):\n    from mlflow.tracking import MlflowClient\n    return MlflowClient(tracking_uri, registry_uri)\n",
}


@pytest.mark.parametrize("before, after", PLACED.values(), ids=PLACED)
def test_the_import_goes_where_it_belongs(mended, before, after):
    assert mended(before, files=LIB) == after


def test_a_name_that_another_file_imports_stays(use_factory):
    applied = use_factory(
        {
            "app.py": "from mlflow import MlflowClient\n\ndef probe(): return MlflowClient()\n",
            "user.py": "from app import MlflowClient\n\ndef f(c: MlflowClient): return c\n",
        }
    )
    assert applied.changed == {
        "app.py": f"from mlflow import MlflowClient\n\n{IMPORT}\ndef probe(): return create_client()\n"
    }


def test_a_name_goes_when_its_last_user_gets_the_factory(use_factory):
    applied = use_factory(
        {
            "app.py": "from mlflow import MlflowClient\n\ndef probe(): return MlflowClient()\n",
            "user.py": "from app import MlflowClient\n\ndef probe(): return MlflowClient('a')\n",
        }
    )
    assert applied.changed == {
        "app.py": f"{IMPORT}\ndef probe(): return create_client()\n",
        "user.py": f"{IMPORT}\ndef probe(): return create_client('a')\n",
    }


def test_a_package_goes_on_handing_out_the_class(use_factory):
    source = "from mlflow import MlflowClient\n\ndef probe(): return MlflowClient()\n"
    applied = use_factory({"pkg/__init__.py": source})
    assert applied["pkg/__init__.py"].startswith("from mlflow import MlflowClient\n")


def test_relative_imports_stay_relative(use_factory):
    source = "from mlflow import MlflowClient\n\nfrom .other import x\n\ndef probe(): return MlflowClient(), x\n"
    applied = use_factory({"lib/app.py": source, "lib/other.py": "x = 1\n"})
    assert applied["lib/app.py"] == (
        "from .clients import create_client\nfrom .other import x\n\ndef probe(): return create_client(), x\n"
    )


def test_a_package_that_hands_out_both_is_no_circle(use_factory):
    applied = use_factory(
        {
            "lib/__init__.py": "from lib.app import probe\nfrom lib.clients import create_client\n",
            "lib/app.py": "from mlflow import MlflowClient\n\ndef probe(): return MlflowClient()\n",
        }
    )
    assert applied["lib/app.py"] == f"{IMPORT}\ndef probe(): return create_client()\n"


CIRCLE = {
    "lib/clients.py": """
        from lib.log import note

        def create_client(tracking_uri=None, registry_uri=None):
            from mlflow.tracking import MlflowClient
            return MlflowClient(tracking_uri, registry_uri)
    """
}


def test_where_a_circle_would_close_the_import_is_local(use_factory):
    source = """
        from mlflow import MlflowClient

        def note(): return 1

        class Log:
            def __init__(self):
                \"\"\"Makes a client.\"\"\"
                self.client = MlflowClient("a")

            def again(self):
                import os
                return os.sep, MlflowClient()

        def probe(): return Log().client, Log().again()
    """
    applied = use_factory({**CIRCLE, "lib/log.py": source})
    assert applied["lib/log.py"] == (
        "def note(): return 1\n\nclass Log:\n    def __init__(self):\n"
        '        """Makes a client."""\n'
        "        from lib.clients import create_client\n\n"
        '        self.client = create_client("a")\n\n'
        "    def again(self):\n        import os\n\n"
        "        from lib.clients import create_client\n        return os.sep, create_client()\n\n"
        "def probe(): return Log().client, Log().again()\n"
    )


FACTORY_IN_PACKAGE = (
    "from mlflow.tracking import MlflowClient\n\n"
    "def create_client(tracking_uri=None, registry_uri=None):\n"
    "    return MlflowClient(tracking_uri, registry_uri)\n"
)
IN_PACKAGE = {
    "pyproject.toml": '[tool.trackfix]\nclient-factory = "lib:create_client"\n',
    "lib/clients.py": None,
    "lib/log.py": "from mlflow import MlflowClient\n\ndef probe(): return MlflowClient()\n",
}


@pytest.mark.parametrize("way", ["from lib.log import probe", "from lib.inner import log"])
def test_a_package_that_loads_a_module_before_its_factory_is_a_circle(unmended, way):
    tree = {
        **IN_PACKAGE,
        "lib/__init__.py": f"{way}\n\n{FACTORY_IN_PACKAGE}",
        "lib/inner.py": "import lib.log as log\n",
    }
    assert unmended(tree) == [
        "lib/log.py:3: MlflowClient: its function has no lines of its own for a local import"
    ]


@pytest.mark.parametrize("way", ["import os", "def late():\n    from lib.log import probe"])
def test_a_package_that_does_not_load_a_module_gives_it_the_factory(use_factory, way):
    init = f"{way}\n\n{FACTORY_IN_PACKAGE}"
    applied = use_factory({**IN_PACKAGE, "lib/__init__.py": init})
    assert applied["lib/log.py"] == (
        "from lib import create_client\n\ndef probe(): return create_client()\n"
    )


@pytest.mark.parametrize(
    "body, reason",
    [
        ("CLIENT = MlflowClient()\n", "importing lib.clients here would close an import cycle"),
        (
            "def f(): return MlflowClient()\n",
            "its function has no lines of its own for a local import",
        ),
        ("f = lambda: MlflowClient()\n", "importing lib.clients here would close an import cycle"),
    ],
)
def test_where_not_even_a_local_import_helps_nothing_changes(unmended, body, reason):
    source = f"from mlflow import MlflowClient\n\ndef note(): return 1\n\n{body}"
    tree = {**CIRCLE, "lib/log.py": source}
    assert unmended(tree, unsafe=True) == [f"lib/log.py:5: MlflowClient: {reason}"]


ORDERED = {
    "lib/runs.py": "from lib.clients import create_client\n\ndef use(): return create_client()\n",
    "lib/clients.py": "import lib.runs\n\ndef create_client(uri=None):\n    from mlflow import MlflowClient\n    return MlflowClient(uri)\n",
}


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize(
    "source",
    [
        "from mlflow import MlflowClient\n\ndef probe(): return MlflowClient('a')\n",
        "def probe():\n    from mlflow import MlflowClient\n    return MlflowClient('a')\n",
    ],
)
def test_a_factory_that_can_not_be_loaded_first_is_not_imported(unmended, source, unsafe):
    (reason,) = unmended({**ORDERED, "app.py": source}, unsafe=unsafe)
    assert reason.endswith(
        "lib.clients can't be loaded first: lib/runs.py:1 would take a name too early"
    )


def test_a_factory_that_is_imported_already_is_imported_again(use_factory):
    source = "import lib.runs\nfrom lib.clients import create_client as make\n\ndef log():\n    from mlflow import MlflowClient\n    return MlflowClient('a')\n\ndef probe(): return log(), make()\n"
    assert "app.py" in use_factory({**ORDERED, "app.py": source}).changed


def test_an_optional_import_is_left_alone_unless_asked_for(use_factory, unmended):
    source = """
        try:
            import mlflow
        except ImportError:
            mlflow = None

        def probe(): return mlflow.MlflowClient() if mlflow else None
    """
    assert unmended(source) == [
        "app.py:6: mlflow.MlflowClient: unsafe: the class is imported on some condition only"
    ]
    applied = use_factory({"app.py": source}, unsafe=True)
    assert applied["app.py"] == (
        "try:\n    import mlflow\n\n    from lib.clients import create_client\n"
        "except ImportError:\n    mlflow = None\n\n"
        "def probe(): return create_client() if mlflow else None\n"
    )


TRIED = {
    "the function returns": "    try:\n        from mlflow import MlflowClient\n    except ImportError:\n        return None\n",
    "the function raises": "    try:\n        from mlflow import MlflowClient\n    except ImportError as error:\n        raise RuntimeError from error\n",
    "suppressed": "    with suppress(ImportError):\n        from mlflow import MlflowClient\n",
    "nested": "    if uri:\n        try:\n            import os\n            from mlflow import MlflowClient\n        except ImportError:\n            return None\n",
}


@pytest.mark.parametrize("tried", TRIED.values(), ids=TRIED)
def test_a_function_that_provides_for_a_failing_import_keeps_it_unless_asked(
    use_factory, unmended, tried
):
    source = f"from contextlib import suppress\n\ndef probe(uri='a'):\n{tried}    return MlflowClient(uri)\n"
    (reason,) = unmended(source)
    assert reason.endswith("MlflowClient: unsafe: the class is imported on some condition only")
    assert list(use_factory({"app.py": source}, unsafe=True).changed) == ["app.py"]


LIBRARY = {"pyproject.toml": "", "lib/clients.py": None}
LAZY = "provides for an mlflow that is missing, and trackfix.tracking imports it only when it is called"


@pytest.mark.parametrize("tried", TRIED.values(), ids=TRIED)
def test_what_notices_that_mlflow_is_missing_stays_as_the_library_imports_it_late(unmended, tried):
    source = f"from contextlib import suppress\n\ndef probe(uri='a'):\n{tried}    return MlflowClient(uri).get_run('1')\n"
    (reason,) = unmended({**LIBRARY, "app.py": source}, unsafe=True)
    line = 5 if "if uri" in tried else 4
    assert reason.endswith(f"MlflowClient: line {line} {LAZY}")


GUARDED = {
    "another import notices it": (
        "try:\n    import mlflow\n    from mlflow import MlflowClient\nexcept ImportError:\n    mlflow = None\n\ndef probe(): return MlflowClient().get_run('1')\n",
        "try:\n    import mlflow\n    from trackfix.tracking import create_mlflow_client\nexcept ImportError:\n    mlflow = None\n\ndef probe(): return create_mlflow_client().get_run('1')\n",
    ),
    "the class is asked for": (
        "try:\n    from mlflow import MlflowClient\nexcept ImportError:\n    MlflowClient = None\n\ndef probe():\n    return MlflowClient().get_run('1') if MlflowClient else None\n",
        "try:\n    from mlflow import MlflowClient\n    from trackfix.tracking import create_mlflow_client\nexcept ImportError:\n    MlflowClient = None\n\ndef probe():\n    return create_mlflow_client().get_run('1') if MlflowClient else None\n",
    ),
    "the class is imported from elsewhere then": (
        "try:\n    from mlflow import MlflowClient\nexcept ImportError:\n    from mlflow.tracking import MlflowClient\n\ndef probe(): return MlflowClient().get_run('1')\n",
        "from trackfix.tracking import create_mlflow_client\n\ndef probe(): return create_mlflow_client().get_run('1')\n",
    ),
    "the call is tried as well": (
        "def probe():\n    try:\n        from mlflow import MlflowClient\n        return MlflowClient().get_run('1')\n    except ImportError:\n        return None\n",
        "def probe():\n    try:\n        from trackfix.tracking import create_mlflow_client\n        return create_mlflow_client().get_run('1')\n    except ImportError:\n        return None\n",
    ),
    "another function's import of the same name goes": (
        "def one():\n    import mlflow\n    return mlflow.MlflowClient().get_run('1')\n\ndef two():\n    try:\n        import mlflow\n    except ImportError:\n        return None\n    return mlflow.MlflowClient().get_run('1'), mlflow.log_metric()\n",
        "def one():\n    from trackfix.tracking import create_mlflow_client\n    return create_mlflow_client().get_run('1')\n\ndef two():\n    try:\n        import mlflow\n        from trackfix.tracking import create_mlflow_client\n    except ImportError:\n        return None\n    return create_mlflow_client().get_run('1'), mlflow.log_metric()\n",
    ),
    "another error is caught": (
        "def probe():\n    try:\n        from mlflow import MlflowClient\n    except ValueError:\n        return None\n    return MlflowClient().get_run('1')\n",
        "def probe():\n    try:\n        from trackfix.tracking import create_mlflow_client\n    except ValueError:\n        return None\n    return create_mlflow_client().get_run('1')\n",
    ),
}


@pytest.mark.parametrize("before, after", GUARDED.values(), ids=GUARDED)
def test_the_library_is_called_where_a_missing_mlflow_is_noticed_as_before(
    use_factory, before, after
):
    applied = use_factory({**LIBRARY, "app.py": before}, unsafe=True, same=False)
    assert applied["app.py"] == after


def test_an_unsafe_run_says_that_an_import_is_conditional_also_where_more_is_in_doubt(use_factory):
    source = "try:\n    import mlflow\nexcept ImportError:\n    mlflow = None\n\ndef probe(): return mlflow.MlflowClient().get_run('1')\n"
    applied = use_factory({**LIBRARY, "app.py": source}, unsafe=True, same=False)
    (file,) = applied.plan.files
    assert [(line, text.partition(",")[0]) for line, text in file.notes] == [
        (6, "the project has no factory of its own"),
        (6, "the class is imported on some condition only"),
        (6, "trackfix[tracking]"),
    ]


def test_a_function_defined_where_an_import_is_tried_has_its_own_import(use_factory):
    source = "try:\n    import os\n\n    def probe():\n        from mlflow import MlflowClient\n        return MlflowClient(os.sep)\nexcept ImportError:\n    raise\n"
    assert list(use_factory({"app.py": source}).changed) == ["app.py"]


def test_equal_branches_become_one_import(use_factory):
    source = """
        try:
            from mlflow import MlflowClient
        except ImportError:
            from mlflow.tracking import MlflowClient

        def probe(): return MlflowClient()
    """
    applied = use_factory({"app.py": source}, unsafe=True)
    assert applied["app.py"] == f"{IMPORT}\ndef probe(): return create_client()\n"


def test_a_star_import_of_the_project_may_bind_the_name(unmended):
    tree = {
        "app.py": "from mlflow import MlflowClient\nfrom lib.stars import *\n\ndef f(): return MlflowClient()\n",
        "lib/stars.py": "def create_client(): return 1\n",
    }
    assert unmended(tree) == ["app.py:4: MlflowClient: a star import may bind create_client"]


def test_a_script_that_may_not_find_the_factory_is_left_alone_unless_asked_for(
    use_factory, unmended
):
    tree = {"scripts/run.py": "import mlflow\n\ndef probe(): return mlflow.MlflowClient()\n"}
    assert unmended(tree) == [
        "scripts/run.py:3: mlflow.MlflowClient: unsafe: it may not be able to import lib.clients"
    ]
    assert list(use_factory(tree, unsafe=True).changed) == ["scripts/run.py"]
    tree["scripts/run.py"] = "from lib import x\n" + tree["scripts/run.py"]
    assert list(use_factory({**tree, "lib/x.py": ""}).changed) == ["scripts/run.py"]


RUN_ALONE = "import mlflow\n\ndef probe(): return mlflow.MlflowClient()\n"


@pytest.mark.parametrize(
    "image, lines",
    [
        ("Dockerfile", "FROM python\nCOPY lib/job.py /app/\n"),
        ("docker/job.Dockerfile", "ADD ./lib/job.py /app/job.py\n"),
        ("docker/job.Dockerfile", "COPY ../lib/job.py /app/\n"),
        ("Dockerfile", "COPY /lib/job.py /app/\n"),
        ("lib/Dockerfile.job", "copy --chown=x other.py \\\n  job.py /app/\n"),
        ("lib/Dockerfile.job", "COPY other.py \\\r\n  job.py /app/\r\n"),
        ("Containerfile", 'COPY ["lib/job.py", "/app/"]\n'),
    ],
)
def test_a_file_that_an_image_gets_without_its_package_is_left_alone_unless_asked_for(
    use_factory, unmended, image, lines
):
    tree = {"lib/job.py": RUN_ALONE, image: lines}
    assert unmended(tree) == [
        "lib/job.py:3: mlflow.MlflowClient: unsafe: it may not be able to import lib.clients"
    ]
    assert list(use_factory(tree, unsafe=True).changed) == ["lib/job.py"]
    needing = {**tree, "lib/job.py": f"from lib import x\n{RUN_ALONE}", "lib/x.py": ""}
    assert list(use_factory(needing).changed) == ["lib/job.py"]


@pytest.mark.parametrize(
    "image, lines",
    [
        ("Dockerfile", "COPY lib /app/lib\n"),
        ("Dockerfile", "RUN python lib/job.py\n"),
        ("Dockerfile", "COPY job.py other/job.py /app/\n"),
        ("notes.md", "COPY lib/job.py /app/\n"),
    ],
)
def test_a_file_that_an_image_gets_with_its_package_is_mended(use_factory, image, lines):
    tree = {"lib/job.py": RUN_ALONE, image: lines}
    assert list(use_factory(tree).changed) == ["lib/job.py"]


PLAIN = "from mlflow import MlflowClient\n\ndef probe(): return MlflowClient()\n"
INNER = f"    {IMPORT}"
CREATE = "from mlflow import MlflowClient\n\n\ndef create_client(uri=None):\n    return MlflowClient(uri)\n"
# What the module of the factory does when it is loaded, and what is said of that.
LOADING = {
    "it chooses a store": ("import mlflow\nmlflow.set_tracking_uri('b')\n", "calls mlflow.set_tracking_uri"),
    "it chooses a store for all": ("import os\nos.environ['MLFLOW_TRACKING_URI'] = 'b'\n", "sets MLFLOW_TRACKING_URI"),
    "it gives a store by default": ("import os\nos.environ.setdefault('MLFLOW_TRACKING_URI', 'b')\n", "sets MLFLOW_TRACKING_URI"),
    "it reads variables": ("from dotenv import load_dotenv\nload_dotenv()\n", "loads the environment from a file"),
    "it needs a variable": ("import os\nURI = os.environ['URI']\n", "needs os.environ['URI']"),
}  # fmt: skip


@pytest.mark.parametrize("head, act", LOADING.values(), ids=LOADING)
@pytest.mark.parametrize("home", ["lib/clients.py", "lib/settings.py"])
def test_a_factory_that_acts_when_it_is_loaded_is_imported_only_where_it_was_loaded_before(
    unmended, use_factory, head, act, home
):
    files = {home: head, "lib/clients.py": (head if "clients" in home else "") + CREATE}
    if home == "lib/settings.py":
        files["lib/clients.py"] = f"from lib import settings\n{files['lib/clients.py']}"
    line = head.count("\n")
    assert unmended({**files, "app.py": PLAIN}, same=False) == [
        f"app.py:3: MlflowClient: unsafe: {home}:{line} {act} when lib.clients is imported"
    ]
    assert use_factory({**files, "app.py": PLAIN}, same=False, unsafe=True).changed
    loading = f"import lib.clients\n{PLAIN}"
    assert use_factory({**files, "app.py": loading}, same=False).changed


# The files with which the factory is loaded, and where a client is made then.
MAKING = {
    "its own module": ({"lib/clients.py": f"{CREATE}\nSHARED = create_client('b')\n"}, "clients.py:7"),
    "a default": ({"lib/clients.py": f"{CREATE}\ndef old(client=create_client('b')): return client\n"}, "clients.py:7"),
    "a module that it loads": ({"lib/clients.py": f"from lib import old\n{CREATE}", "lib/old.py": "import mlflow\nSHARED = mlflow.MlflowClient('b')\n"}, "old.py:2"),
    "a module that calls it": ({"lib/clients.py": f"{CREATE}\nfrom lib import old\n", "lib/old.py": "from lib.clients import create_client as make\nSHARED = make('b')\n"}, "old.py:2"),
}  # fmt: skip


@pytest.mark.parametrize("files, place", MAKING.values(), ids=MAKING)
def test_a_factory_that_is_loaded_with_a_client_is_imported_only_where_it_was_loaded_before(
    unmended, use_factory, files, place
):
    reason = f"unsafe: lib/{place} makes a client when lib.clients is imported"
    assert f"app.py:3: MlflowClient: {reason}" in unmended({**files, "app.py": PLAIN}, same=False)
    assert use_factory({**files, "app.py": PLAIN}, same=False, unsafe=True).changed
    loading = f"import lib.clients\n{PLAIN}"
    assert use_factory({**files, "app.py": loading}, same=False).changed


QUIET = [
    "import os\nURI = os.environ.get('URI')\n",
    "import os\ntry:\n    URI = os.environ['URI']\nexcept KeyError:\n    URI = None\n",
    "import os\nURI = os.environ['URI'] if 'URI' in os.environ else None\n",
    "import mlflow, os\n\ndef set_up():\n    mlflow.set_tracking_uri(os.environ['URI'])\n",
    "import mlflow\n\nset_up = lambda: mlflow.set_tracking_uri('b')\n",
    "import mlflow\n\nif __name__ == '__main__':\n    mlflow.set_tracking_uri('b')\n",
    "import mlflow\n\nif __name__ == '__main__':\n    print(mlflow.MlflowClient('b'))\n",
]


@pytest.mark.parametrize("head", QUIET)
def test_a_factory_that_acts_only_when_it_is_asked_is_imported(use_factory, head):
    files = {"lib/clients.py": f"{head}\n{CREATE}", "app.py": PLAIN}
    assert list(use_factory(files).changed) == ["app.py"]


BLOCKS = {
    "another import of the class": (
        "import os\nfrom mlflow import MlflowClient\n\nif os:\n    from mlflow import MlflowClient\n\ndef probe(): return MlflowClient()\n",
        f"import os\n{IMPORT}\nif os:\n{INNER}\ndef probe(): return create_client()\n",
    ),
    "more imports that are needed no more": (
        "import os\nimport mlflow\nfrom mlflow import MlflowClient\n\nif os:\n    import mlflow\n    from mlflow import MlflowClient\n\ndef probe(): return MlflowClient(), mlflow.MlflowClient()\n",
        f"import os\n{IMPORT}\nif os:\n{INNER}\ndef probe(): return create_client(), create_client()\n",
    ),
    "imports of which one is needed": (
        "import os\nfrom mlflow import MlflowClient\n\nif os:\n    import sys\n    from mlflow import MlflowClient\n\ndef probe(): return MlflowClient(), sys.maxsize\n",
        f"import os\n{IMPORT}\nif os:\n    import sys\n\ndef probe(): return create_client(), sys.maxsize\n",
    ),
}


@pytest.mark.parametrize("before, after", BLOCKS.values(), ids=BLOCKS)
def test_a_block_of_nothing_but_imports_is_not_left_empty(mended, before, after):
    assert mended(before) == after


BRANCHES = """
    import os

    if os.environ.get("REMOTE"):
        from mlflow.tracking import MlflowClient as Client

        def uri(): return "http://remote"
    else:
        from mlflow import MlflowClient as Client

        def uri(): return None

    def make():
        return Client(uri())
"""


def test_one_import_serves_a_module_that_imports_the_class_in_each_branch(mended, d):
    assert mended(BRANCHES, unsafe=True) == d("""
        import os

        from lib.clients import create_client

        if os.environ.get("REMOTE"):
            def uri(): return "http://remote"
        else:
            def uri(): return None

        def make():
            return create_client(uri())
    """)


def test_branches_with_nothing_but_the_import_each_get_that_of_the_factory(mended):
    source = """
        import os

        if os.environ.get("REMOTE"):
            from mlflow.tracking import MlflowClient
        else:
            from mlflow import MlflowClient
        def make():
            return MlflowClient()
    """
    assert mended(source, unsafe=True).count("from lib.clients import create_client") == 2


def test_a_branch_without_the_class_gets_no_import_of_the_factory(mended):
    source = """
        import os

        if os.environ.get("REMOTE"):
            from mlflow.tracking import MlflowClient
            def make():
                return MlflowClient()
        elif os.environ.get("LOCAL"):
            from mlflow import MlflowClient
            def make():
                return MlflowClient()
        else:
            def make():
                return None
    """
    text = mended(source, unsafe=True)
    assert text.count("    from lib.clients import create_client") == 2
    assert text.count("import create_client") == 2


def test_branches_are_left_alone_without_unsafe_fixes(unmended):
    (reason,) = unmended(BRANCHES)
    assert reason.endswith("unsafe: the class is imported on some condition only")


CHECKED = {
    "a class that nothing else needs": (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\n\n\ndef make(): return MlflowClient()\n",
        f"{IMPORT}\n\ndef make(): return create_client()\n",
    ),
    "a class among others": (
        "import typing as t\n\nif t.TYPE_CHECKING:\n    from mlflow import MlflowClient\n    from mlflow.entities import Run\n\n\ndef make() -> 'Run': return MlflowClient()\n",
        f"import typing as t\n\n{IMPORT}\nif t.TYPE_CHECKING:\n    from mlflow.entities import Run\n\n\ndef make() -> 'Run': return create_client()\n",
    ),
    "a class that an annotation needs": (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\n\n\ndef make() -> 'MlflowClient': return MlflowClient()\n",
        f"from typing import TYPE_CHECKING\n\n{IMPORT}\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\n\n\ndef make() -> 'MlflowClient': return create_client()\n",
    ),
    "other names of typing": (
        "from typing import TYPE_CHECKING, Any\n\nif TYPE_CHECKING:\n    from mlflow import MlflowClient\n\n\ndef make() -> Any: return MlflowClient()\n",
        f"from typing import Any\n\n{IMPORT}\n\ndef make() -> Any: return create_client()\n",
    ),
    "the factory": (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from lib.clients import create_client\n\n\ndef make(): return create_client()\n",
        f"{IMPORT}\n\ndef make(): return create_client()\n",
    ),
}


@pytest.mark.parametrize("before, after", CHECKED.values(), ids=CHECKED)
def test_what_is_imported_for_type_checkers_only_and_called_is_imported_for_all(
    mended, before, after
):
    files = {"mlflow/entities.py": "class Run: pass\n"} if "entities" in before else {}
    assert mended(before, files=files, unsafe=True, same=False) == after


@pytest.mark.parametrize(
    "source",
    [
        "import typing\nif typing.TYPE_CHECKING:\n    from lib.other import create_client\ndef make(): return create_client()\n",
        "import typing\nif typing.TYPE_CHECKING:\n    from mlflow import MlflowClient\nelse:\n    x = 1\ndef make(): return MlflowClient(), x\n",
        "import typing\nif typing.TYPE_CHECKING:\n    from mlflow import MlflowClient\ndef ask(x): return isinstance(x, MlflowClient)\n",
    ],
)
def test_other_names_for_type_checkers_are_left_alone(unmended, source):
    files = {"app.py": source, "lib/other.py": "def create_client(): ...\n"}
    unmended(files, unsafe=True, same=False)


def test_what_is_imported_for_type_checkers_is_left_alone_without_unsafe_fixes(unmended):
    unmended(CHECKED["the factory"][0], same=False)


EARLY = {
    "a star import": "from mlflow.tracking import *\n\ndef use(kind=MlflowClient): return kind()\n\nfrom mlflow import MlflowClient\n",
    "an import in a branch": "import sys\nif sys.path:\n    from mlflow.tracking import MlflowClient\n\nclient = MlflowClient()\n\nfrom mlflow import MlflowClient\n",
}


@pytest.mark.parametrize("source", EARLY.values(), ids=EARLY)
def test_what_runs_before_the_import_of_the_class_keeps_it(use_factory, source):
    applied = use_factory(
        {"app.py": f"{source}\ndef other(): return MlflowClient()\n"}, unsafe=True
    )
    assert "def other(): return create_client()" in applied["app.py"]
    assert applied["app.py"].partition("\nfrom mlflow import")[0] in source
    (reason,) = applied.skipped
    assert reason.endswith("no import that create_client could stand beside comes before it")


def test_what_runs_before_a_second_import_of_the_class_changes(mended):
    source = "from mlflow.tracking import MlflowClient\n\nclient = MlflowClient()\n\nfrom mlflow import MlflowClient\n\ndef other(): return MlflowClient()\n"
    assert "client = create_client()" in mended(source)


@pytest.mark.parametrize("unsafe, optional", [(False, False), (True, False), (True, True)])
def test_what_runs_before_the_factory_is_defined_keeps_the_class(use_factory, unsafe, optional):
    head = (
        "try:\n    import mlflow\nexcept ImportError:\n    raise\n"
        if optional
        else "import mlflow\n"
    )
    source = f"{head}\nclass Use: client = mlflow.MlflowClient('a')\n\ndef create_client(tracking_uri=None, registry_uri=None):\n    return mlflow.MlflowClient(tracking_uri=tracking_uri, registry_uri=registry_uri)\n\ndef other(): return mlflow.MlflowClient()\n"
    applied = use_factory({"lib/clients.py": source}, unsafe=unsafe)
    assert applied["lib/clients.py"] == source.replace(
        "other(): return mlflow.MlflowClient()", "other(): return create_client()"
    )
    assert any("create_client is defined later" in reason for reason in applied.skipped)


TWO_NAMES = {
    "pyproject.toml": "",
    "lib/clients.py": None,
    "app/tracking/clients.py": "from mlflow import MlflowClient\n\ndef make(uri=None): return MlflowClient(tracking_uri=uri)\n",
    "app/tracking/finder.py": "def find(): return 1\n",
    "jobs/weekly.py": "import sys\n\nsys.path.insert(0, 'app')\nfrom tracking import finder\n",
}
BY_PACKAGE = "from mlflow import MlflowClient\n\nfrom app.tracking.finder import find\n\ndef go(): return MlflowClient(), find()\n"
OTHER = "from app.tracking import clients\n\ndef go(): return clients.make()\n"


def test_the_factory_is_imported_by_the_name_that_most_files_use(use_factory):
    tree = {**TWO_NAMES, "jobs/other.py": OTHER, "jobs/direct.py": BY_PACKAGE}
    changed = use_factory(tree).changed
    assert list(changed) == ["jobs/direct.py"]
    assert "from app.tracking.clients import make\n" in changed["jobs/direct.py"]


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_file_that_knows_the_factory_by_another_name_only_stays(use_factory, unsafe):
    weekly = "import sys\n\nsys.path.insert(0, 'app')\nfrom tracking import clients, finder\n"
    tree = {**TWO_NAMES, "jobs/weekly.py": weekly, "jobs/direct.py": BY_PACKAGE}
    assert use_factory(tree, unsafe=unsafe).changed == {}


SERVICES = {
    "pyproject.toml": "",
    "lib/clients.py": None,
    "a/app/__init__.py": "",
    "a/app/clients.py": "from mlflow import MlflowClient\n\ndef make(uri=None): return MlflowClient(tracking_uri=uri)\n",
    "a/app/jobs.py": "from mlflow import MlflowClient\n\nimport app.clients\n\ndef go(): return MlflowClient().search_runs([])\n",
    "a/app/users.py": "from app.clients import make\n\nprint(make())\n",
    "b/app/__init__.py": "",
    "b/app/jobs.py": "from mlflow import MlflowClient\n\nimport app.names\n\ndef go(): return MlflowClient().search_runs([])\n",
    "b/app/names.py": "",
}


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("b", [{}, {"b/app/clients.py": "def name(): return 1\n"}])
def test_a_service_never_calls_the_factory_of_another_one(use_factory, b, unsafe):
    applied = use_factory({**SERVICES, **b}, unsafe=unsafe, same=False)
    assert list(applied.changed) == ["a/app/jobs.py"]
    assert "from app.clients import make\n" in applied["a/app/jobs.py"]
    assert any("would find another file here" in reason for reason in applied.skipped)


def test_the_factories_of_two_services_do_not_call_each_other(use_factory):
    own = {"b/app/clients.py": SERVICES["a/app/clients.py"]}
    applied = use_factory({**SERVICES, **own}, unsafe=True, same=False)
    assert len(applied.changed) == 1
    assert "app/jobs.py" in next(iter(applied.changed))
    assert any("would find another file here" in reason for reason in applied.skipped)


@pytest.mark.parametrize("unsafe", [False, True])
def test_a_package_that_a_service_can_do_without_is_none_that_it_surely_has(use_factory, unsafe):
    tried = "try:\n    from lib.names import name\nexcept ImportError:\n    name = None\nfrom mlflow import MlflowClient\n\nprint(MlflowClient(), name)\n"
    tree = {
        "lib/names.py": "name = 1\n",
        "services/a/app/__init__.py": "",
        "services/a/app/tools.py": tried,
        "services/a/app/main.py": "import app.tools\n",
    }
    assert bool(use_factory(tree, unsafe=unsafe, same=False).changed) == unsafe


def test_the_parts_of_a_package_in_several_folders_share_the_factory(use_factory):
    tree = dict(SERVICES)
    del tree["a/app/__init__.py"], tree["b/app/__init__.py"]
    extended = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
    for inits in ({}, {"a/app/__init__.py": extended, "b/app/__init__.py": extended}):
        applied = use_factory({**tree, **inits}, unsafe=True, same=False)
        assert list(applied.changed) == ["a/app/jobs.py", "b/app/jobs.py"]


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("folders", ["a", "ab"])
def test_scripts_that_import_what_stands_beside_them_know_no_folder_above(
    use_factory, folders, unsafe
):
    job = "from mlflow import MlflowClient\nfrom naming import name\n\nprint(MlflowClient(), name())\n"
    tree = {"pyproject.toml": "", "lib/clients.py": None, "lib/__init__.py": None}
    tree |= {f"jobs/{s}/client.py": SERVICES["a/app/clients.py"] for s in folders}
    tree |= {f"jobs/{s}/naming.py": "def name(): return 1\n" for s in "ab"}
    tree |= {f"jobs/{s}/main.py": job for s in "ab"}
    assert use_factory(tree, unsafe=unsafe, same=False).changed == {}
