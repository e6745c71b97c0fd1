"""Which file an import means where a library has the same name."""

from trackfix.project.project import Project

FLAT = {
    "json.py": "def mine(): pass\n",
    "string.py": "mine = 1\n",
    "user.py": "import json\nimport random\nimport string as s\n\nused = json.mine, s.mine\n",
    "other.py": "import json\nimport random\nimport string as s\n\nused = json.dumps, s.mine\n",
    "random.py": "mine = 1\n",
}


def test_what_a_file_takes_of_a_module_tells_whether_it_is_the_projects_own(tree):
    project = tree(FLAT)
    names = ("json", "string", "random")
    found = {file: [project.find(name, file) for name in names] for file in ("user.py", "other.py")}
    paths = {file: [m.path if m else "" for m in modules] for file, modules in found.items()}
    assert paths == {"user.py": ["json.py", "string.py", ""], "other.py": ["", "string.py", ""]}


def test_a_file_is_looked_through_once_for_all_modules_that_it_imports(tree, monkeypatch):
    project, read = tree(FLAT), []
    monkeypatch.setattr(Project, "_parse", lambda self, path: read.append(path))
    for name in ("json", "random", "string"):
        project.find(name, "user.py")
    assert read == ["user.py"]
