"""A patch stays where a file of settings names what it replaces."""

import pytest

TREE = {
    "lib/__init__.py": "",
    "lib/home.py": "def get_f(): return 'f'\n\n\ndef get_g(): return 'g'\n",
    "lib/old.py": '"""Deprecated, moved to lib.home."""\nfrom lib.home import get_f, get_g\n',
    "consumer.py": (
        "import importlib\nfrom pathlib import Path\n\n\ndef use(path):\n"
        "    text = Path(path).read_text()\n"
        "    module, _, name = text.split('\"')[-2].replace(':', '.').rpartition('.')\n"
        "    return getattr(importlib.import_module(module), name)()\n"
    ),
    "test_use.py": (
        "from pathlib import Path\nfrom unittest.mock import patch\n\nimport consumer\n\n\n"
        "@patch('lib.old.get_f', return_value='x')\n"
        "def test_use(double):\n    for path in Path(__file__).parent.glob('conf/*'):\n"
        "        assert consumer.use(path) == 'x'\n"
    ),
}
HOLDING = {
    "conf/a.json": '{"_target_":\n "lib.old.get_f"}\n',
    "conf/a.yaml": '_target_: "lib.old.get_f"\n',
    "conf/a.toml": 'call = "lib.old:get_f"\n',
}


@pytest.mark.parametrize("path", HOLDING)
def test_a_patch_of_what_settings_name_stays(apply, path):
    applied = apply({**TREE, path: HOLDING[path]}, tests=True)
    assert applied.changed == {}
    line = HOLDING[path][: HOLDING[path].index("lib")].count("\n") + 1
    why = f"{path}:{line} names it: who looks it up by that would miss the patch"
    assert any(line.startswith("test_use.py:7: ") and why in line for line in applied.skipped)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("conf/a.yaml", '_target_: "lib.old.get_g"\n'),
        ("conf/a.yaml", '_target_: "other.lib.old.get_f"\n'),
        ("conf/a.yaml", '_target_: "lib.old.get_f2"\n'),
        ("README.md", "See `lib.old.get_f`.\n"),
    ],
)
def test_another_name_or_a_text_for_people_holds_no_patch(apply, path, text):
    applied = apply({**TREE, path: text})
    assert "@patch('lib.home.get_f', return_value='x')" in applied["test_use.py"]
