"""What modules do when they are loaded."""

import pytest

from trackfix.project.loading.load_effects import LoadEffects
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import open_project

REGISTRY = (
    "import functools\nTABLE = {}\nCALLS = []\n"
    "def register(f):\n    TABLE[f.__name__] = f\n    return f\n"
    "def named(name):\n    def keep(f):\n        TABLE.setdefault(name, f)\n        return f\n"
    "    return keep\n"
    "def plain(f):\n    @functools.wraps(f)\n    def inner(*args):\n        seen = {}\n"
    "        seen[f] = args\n        return f(*args)\n    return inner\n"
    "class Group:\n    def command(self):\n        return lambda f: f\n"
    "group = Group()\n"
    "class Plugin:\n    def __init_subclass__(cls):\n        CALLS.append(cls)\n"
    "class Base:\n    def __init_subclass__(cls):\n        cls.made = True\n"
    "kept = Group().command\nkept_too = group.command\ncached = functools.cache\n"
    "from sqlalchemy.orm import DeclarativeBase, declarative_base\n"
    "Tables = declarative_base()\nclass Mapped(DeclarativeBase): pass\nclass Dated(Mapped): pass\n"
    "from collections import namedtuple\nPoint = namedtuple('Point', 'x y')\n"
    "class Named(Tables): __abstract__ = True\n"
    "from sqlalchemy import MetaData, orm\nclass Far(orm.DeclarativeBase): pass\n"
    "Typed: Any = declarative_base()\nMade = orm.registry().generate_base()\n"
    "class Meta(metaclass=orm.DeclarativeMeta): pass\nmetadata = MetaData()\n"
    "from jobs import app\nkept_there = app.task\n"
)
TABLE_BASES = ("Named", "Far", "Typed", "Made", "Meta")


@pytest.fixture
def line(tmp_path):
    """The line of the first effect of a module that stands beside a registry."""

    def read(source):
        (tmp_path / "registry.py").write_text(REGISTRY)
        (tmp_path / "jobs.py").write_text("from celery import Celery\napp = Celery('x')\n")
        (tmp_path / "pkg").mkdir()
        (tmp_path / "pkg" / "__init__.py").touch()
        (tmp_path / "pkg" / "state.py").write_text("FLAGS = []\n")
        (tmp_path / "mod.py").write_text(source)
        project = open_project(tmp_path)
        return Resolver(project).analysis(LoadEffects).line("mod.py")

    return read


@pytest.mark.parametrize(
    "source",
    [
        "from registry import register\n@register\ndef f(): pass\n",
        "from registry import register as r\n@r\nclass C: pass\n",
        "import registry\n@registry.register\ndef f(): pass\n",
        "from registry import named\n@named('x')\ndef f(): pass\n",
        "from registry import group\n@group.command()\ndef f(): pass\n",
        "from registry import register\nf = register(len)\n",
        "from registry import Plugin\nclass Mine(Plugin): pass\n",
        "from registry import TABLE\nTABLE['x'] = 1\n",
        "import registry\nregistry.CALLS.append(1)\n",
        "import registry\nregistry.extra = 1\n",
        "import os\nos.environ['X'] = 'y'\n",
        "import mlflow\nmlflow.set_tracking_uri('x')\n",
        "import atexit\n@atexit.register\ndef f(): pass\n",
        "import os\nif os.name:\n    os.environ['X'] = 'y'\n",
        "import os\ntry:\n    pass\nexcept ValueError:\n    os.environ['X'] = 'y'\n",
        "def set_up(): pass\nset_up()\n",
        "from . import state\n_seen = state.FLAGS.append(1)\n",
        "from pkg import state\n_seen = state.FLAGS.append(1)\n",
        "import registry\n_seen = [registry.CALLS.append(x) for x in 'ab']\n",
        "from registry import kept\n@kept\ndef f(): pass\n",
        "from registry import kept_too\n@kept_too(1)\ndef f(): pass\n",
        "from celery import shared_task\n@shared_task\ndef f(): pass\n",
        "from celery import shared_task as task\n@task(name='x')\ndef f(): pass\n",
        "from django.dispatch import receiver\n@receiver(1)\ndef f(): pass\n",
        "from registry import Tables\nclass Item(Tables): pass\n",
        "from registry import Mapped\nclass Item(Mapped): pass\n",
        "import registry\nclass Item(registry.Dated): pass\n",
        "from registry import group\nclass Item(group.Model): pass\n",
        *(f"from registry import {name}\nclass Item({name}): pass\n" for name in TABLE_BASES),
        "from sqlalchemy import Table\nfrom registry import metadata\nitem = Table('x', metadata)\n",
        "import sqlalchemy as sa\nimport registry\nitem = sa.Table('x', registry.metadata)\n",
        "from sqlalchemy import event\n@event.listens_for(1, 'connect')\ndef f(): pass\n",
        "from django.contrib import admin\n@admin.register(1)\nclass C: pass\n",
        "from registry import kept_there\n@kept_there\ndef f(): pass\n",
        "from sqlmodel import SQLModel\nclass Item(SQLModel, table=True): pass\n",
    ],
)
def test_what_others_see_is_an_effect(line, source):
    assert line(source) > 1


@pytest.mark.parametrize(
    "source",
    [
        "def f(): pass\nX = f()\n",
        "from registry import plain\n@plain\ndef f(): pass\n",
        "from registry import Base\nclass Mine(Base): pass\n",
        "import functools\n@functools.lru_cache\ndef f(): pass\n",
        "TABLE = {}\nTABLE['x'] = 1\nTABLE.update(y=2)\n",
        "TABLE = {}\nfor x in 'ab':\n    TABLE[x] = 1\n",
        "def f(): pass\nf.__doc__ = 'text'\n",
        "import logging\nlog = logging.getLogger(__name__)\nlog.addHandler(logging.NullHandler())\n",
        "import warnings\nwarnings.warn('old')\n",
        "import os\nif __name__ == '__main__':\n    os.environ['X'] = 'y'\n",
        "import os\ndef f():\n    os.environ['X'] = 'y'\n",
        "import numpy as np\nX = np.append([], [1])\n",
        "import registry\nlater = lambda x: registry.CALLS.append(x)\n",
        "import registry\nX = [registry.plain(x) for x in 'ab']\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import registry\n",
        "from missing import register\nclass C: pass\n",
        "from registry import cached\n@cached\ndef f(): pass\n",
        "from registry import Point\nclass Place(Point): pass\n",
        "from sqlalchemy import MetaData, Table\nown = MetaData()\nitem = Table('x', own)\n",
        "from rich import Table\nfrom registry import metadata\nitem = Table('x', metadata)\n",
        "from sqlalchemy import event\n@event.contains(1)\ndef f(): pass\n",
        "import registry\nclass Place(registry.Base): pass\n",
        "from sqlalchemy.orm import DeclarativeBase\nclass Own(DeclarativeBase): pass\nclass Item(Own): pass\n",
        "from sqlalchemy.orm import declarative_base\nOwn = declarative_base()\nclass Item(Own): pass\n",
        "def broken(:\n",
    ],
)
def test_what_only_defines_is_none(line, source):
    assert line(source) == 0
