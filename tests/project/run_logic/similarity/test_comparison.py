"""How much two pieces do the same."""

import pytest

from trackfix.project.run_logic.creating.creations import CALLED, NESTED, STARTED
from trackfix.project.run_logic.creating.resumed_runs import KEPT_IN_FILE
from trackfix.project.run_logic.fragments import Fragment, Step, Term, job_of
from trackfix.project.run_logic.groups.grouping import THRESHOLDS
from trackfix.project.run_logic.similarity.comparison import compare
from trackfix.project.run_logic.tags.sets import UNSAID


def piece(kind, *keys, **more):
    terms = tuple(Term("tag", key) for key in keys)
    return Fragment(
        kind, "pkg/a.py", "f", 1, 1, 1, 2, (Step(1, "s"),), more.pop("terms", terms), **more
    )


def finder(*keys, **more):
    asked = {"experiment": "name", "order": "time", "limit": "one", "taken": "run-id", **more}
    return piece("find-run", *keys, **asked)


def creation(*keys, **more):
    return piece("create-run", *keys, **{"experiment": "name", **more})


def best(metric, *keys, direction="", **more):
    terms = (Term("order", metric, direction), *(Term("tag", key) for key in keys))
    asked = {"experiment": "name", "order": "metric", "taken": "run-id", **more}
    return piece("best-run", terms=terms, **asked)


def of_default(metric, *keys, **more):
    """By a metric that is a parameter with a default."""
    found = best(metric, *keys, **more)
    return found._replace(terms=(*found.terms, Term("order", "<:metric>")))


def block(*steps, any_step=()):
    terms = [Term("step", step) for step in steps] + [Term("any step", step) for step in any_step]
    return piece("create-run", marks=("filled",), terms=tuple(terms))


CHILD = ("child", "parent tag")
BENCH = f"{CALLED}bench-*"
ALIKE = [
    (creation(marks=("child", "named")), creation(marks=("child", "named"))),
    (creation(marks=("child", f"{CALLED}fold*")), creation(marks=("child", f"{CALLED}fold*"))),
    (creation("a", marks=("child", f"{CALLED}fold*")), creation("a", marks=("child", "named"))),
    (creation(marks=(*CHILD, f"{CALLED}fold*")), creation(marks=CHILD)),
    (creation("a", "b", marks=CHILD), creation("a", "c", marks=CHILD)),
    (creation("a", "b", marks=CHILD), creation("c", marks=CHILD)),
    (creation(*"abcdefgh", marks=CHILD), creation("a", "b", marks=CHILD)),
    (finder(terms=(Term("no tag", "a"),)), finder(terms=(Term("no tag", "a"),), taken="run")),
    (finder(terms=(Term("name"), Term("status", "", "!FAILED"))), finder(terms=(Term("name"),))),
    (finder(), finder()),
    (finder(), finder(experiment="parameter", taken="run")),
    (finder("a", "b"), finder("a", "b", limit="")),
    (finder("a", "b"), finder("a", "b", "c")),
    (finder("a", "b"), finder(terms=(Term("tag", "a", "x"), Term("tag", "b")))),
    (finder("a"), finder("a", order="")),
    (finder("a"), finder(terms=(Term("tag", "<:key>"),))),
    (finder("<:key>"), finder("<:name>", taken="run")),
    (finder("<:key>", "a"), finder("<:name>", "a")),
    (finder("a"), finder(terms=(Term("other", "<:filter>"),))),
    (finder("a"), finder(terms=(Term("tag", "a"), Term("test", "<:is_it(run)>")))),
    (finder(terms=(Term("name"),)), finder(terms=(Term("name"),), taken="tags")),
    (best("f1"), best("f1", direction="DESC", taken="run", limit="one")),
    (best("<:metric>", "a"), best("<:metric>", "a", experiment="parameter")),
    (best("f1", "a"), of_default("f1", "a")),
    (best("<:metric>", "a"), of_default("f1", "a")),
    (of_default("f1", "a"), of_default("f1", "a", taken="run")),
    (creation(marks=CHILD), creation(marks=CHILD, experiment="parameter")),
    (creation("a", "b", "c", marks=("named",)), creation("a", "b", "c", experiment="helper")),
    (creation("a", "b", marks=("named",)),
     creation("a", "b", experiment="run", marks=("named", BENCH))),
    (piece("resolve-experiment"), piece("resolve-experiment", marks=("activates",))),
    (piece("build-tags", "a", "b", "c"), piece("build-tags", "a", "b", "c", "d")),
    (piece("resolve-experiment", marks=("helper", "must exist")),
     piece("resolve-experiment", marks=("must exist",))),
    (piece("resolve-experiment", marks=("may fail", "then a = 1")),
     piece("resolve-experiment", marks=("may fail", "then a = 1", "then b = 1"))),
    (piece("resolve-experiment"), piece("resolve-experiment", marks=("by make",))),
    (piece("read-tag", "a"), piece("read-tag", "a", marks=("helper", "returned"))),
    (piece("read-tag", "a", marks=("parsed by loads",)),
     piece("read-tag", "a", marks=("parsed by loads", "returned"))),
    (piece("read-tag", "a", "b", "c", marks=("several",)),
     piece("read-tag", "a", "b", "c", marks=("several",))),
    (block(*"abcd"), block(*"abcd")),
    (block(*"abcd"), block(*"abcde", any_step=("x",))),
    (piece("resolve-experiment", marks=("must exist", "of a finder", "says no a")),
     piece("resolve-experiment", marks=("must exist", "says no a"))),
    (piece("read-tag", "a", marks=("parsed by int",))._replace(taken="run"),
     piece("read-tag", "a", marks=("parsed by int",))),
    (finder(order="oldest"), finder(order="oldest", limit="")),
    (creation("a", marks=("child", NESTED)), creation("a", "mlflow.parentRunId", marks=CHILD)),
    (creation("a", "b", marks=("child", NESTED, BENCH)),
     creation("a", "b", marks=("child", NESTED, BENCH))),
    (creation("a", "b", marks=("child", NESTED, BENCH)),
     creation("a", "b", marks=("child", NESTED, f"{CALLED}*nch-*"))),
    (creation(*"abc", marks=("child", NESTED)), creation(*"abcd", marks=CHILD)),
    (creation(marks=(KEPT_IN_FILE,)), creation(marks=(KEPT_IN_FILE,), terms=(Term("name"),))),
    (creation("a", marks=("child",), experiment=""),
     creation("a", "mlflow.parentRunId", marks=(*CHILD, "named"))),
    (creation("a", marks=("child", NESTED)),
     creation("a", "mlflow.parentRunId", "mlflow.runName", marks=CHILD)),
    (creation("a", "b", marks=(*CHILD, BENCH)), creation("a", "c", marks=(*CHILD, BENCH))),
    (creation("a", "b", marks=(*CHILD, BENCH)),
     creation("a", marks=(*CHILD, f"{CALLED}tune-*"))),
    (creation("a", marks=(BENCH, "named")),
     creation("a", marks=(BENCH, "named"), experiment="parameter")),
    (creation("a", marks=(BENCH, "named", STARTED)), creation("a", marks=(BENCH, "named"))),
    (creation(*"abcd", marks=(STARTED,)), creation(*"abcd", experiment="helper")),
    (best("f1"), best("f1")._replace(terms=(Term("order", "f1"), Term("metric", "f1", "0")))),
    (piece("build-tags", "a", "b", "c", marks=(UNSAID,)), piece("build-tags", "a", "b", "c")),
]  # fmt: skip
UNLIKE = [
    (creation(marks=("child", "named", f"{CALLED}fold*")), creation(marks=("child", "named"))),
    (creation(marks=("child", f"{CALLED}fold*")), creation(marks=("child", f"{CALLED}C=*"))),
    (finder("a"), finder(terms=(Term("no tag", "a"),))),
    (finder(terms=(Term("name"), Term("status", "", "FAILED"))),
     finder(terms=(Term("name"), Term("status", "", "!FAILED")))),
    (finder(), finder("a")),
    (finder(), finder(order="")),
    (finder(), finder(order="metric")),
    (finder(), finder(order="oldest")),
    (finder("a"), finder("a", order="oldest")),
    (finder(order="other"), finder(order="other")),
    (best("f1"), best("f1")._replace(terms=(Term("order", "f1"), Term("metric", "loss", "0")))),
    (piece("build-tags", "a", "b", "c", marks=(UNSAID,)),
     piece("build-tags", "a", "b", "c", marks=(UNSAID,))),
    (piece("build-tags", "a", "b", "c", "d", marks=(UNSAID,)),
     piece("build-tags", "a", "b", "c", "e")),
    (creation("a", "b", marks=("named", f"{CALLED}train-*")),
     creation("a", "b", experiment="run", marks=("named", BENCH))),
    (creation("a"), creation("a", experiment="run")),
    (creation("a", "b"), creation("a", "b", "c", experiment="run")),
    (finder("a"), finder("b")),
    (finder("<:key>"), finder("<:key>", "<:name>")),
    (finder("<:key>"), finder(terms=(Term("param", "<:key>"),))),
    (finder(terms=(Term("test", "<:old(r)>"),)), finder(terms=(Term("test", "<:new(r)>"),))),
    (finder("a", "b"), finder(terms=(Term("tag", "a"), Term("test", "<:is_it(run)>")))),
    (finder("a"), finder("a", "b", "c", "d")),
    (finder("a", "b"), finder(terms=(Term("tag", "a"), Term("tag", "b"), Term("tag", "c", "x")))),
    (finder("a"), finder("a", experiment="all")),
    (finder(terms=(Term("tag", "a", "x"),)), finder(terms=(Term("tag", "a", "y"),))),
    (finder(terms=(Term("name"),)), finder(terms=(Term("id"),))),
    (best("f1"), best("loss")),
    (best("f1", "a", "b"), best("loss", "a", "b")),
    (best("f1"), best("f1", "a")),
    (best("f1", direction="DESC"), best("f1", direction="ASC")),
    (best("f1"), best("<:metric>")),
    (best("loss", "a"), of_default("f1", "a")),
    (of_default("loss", "a"), of_default("f1", "a")),
    (best("f1")._replace(terms=()), best("f1")._replace(terms=())),
    (finder(marks=("through a.py:h",)), finder(marks=("through a.py:h",))),
    (creation(marks=CHILD), creation()),
    (creation(), creation()),
    (creation("a", marks=("child", NESTED)), creation("a", marks=("child", NESTED))),
    (creation("a", "b", marks=("child", NESTED, BENCH)),
     creation("a", "b", marks=("child", NESTED, f"{CALLED}tune-*"))),
    (creation("a", "b", marks=("child", NESTED, BENCH)),
     creation("a", "c", marks=("child", NESTED, BENCH))),
    (creation("a", marks=("child", NESTED)), creation("b", "mlflow.parentRunId", marks=CHILD)),
    (creation("a", marks=("child", NESTED)), creation("mlflow.parentRunId", marks=CHILD)),
    (creation("a", marks=("child", NESTED)), creation("a", "b", marks=CHILD)),
    (creation("a", "b", marks=(*CHILD, BENCH)),
     creation("a", "c", marks=(*CHILD, f"{CALLED}tune-*"))),
    (creation("a", "b"), creation("c", "d")),
    (creation("a", "b", marks=CHILD), creation("c", "d", marks=CHILD)),
    (creation("a", "b", "c", marks=("ended",)), creation("a", "d", "e", marks=("ended",))),
    (creation("a", marks=(BENCH,), experiment="parameter"),
     creation("a", marks=(f"{CALLED}tune-*",), experiment="parameter")),
    (creation(marks=(BENCH,)), creation(marks=(BENCH,))),
    (creation("a", marks=(BENCH, STARTED)), creation("a", marks=(BENCH, STARTED))),
    (creation("a", "b", marks=(BENCH, STARTED)), creation("a", marks=(BENCH,))),
    (creation("a", marks=(BENCH, STARTED)), creation("a", marks=("named",))),
    (creation(*"abc", marks=(STARTED,)), creation(*"abc", experiment="helper")),
    (creation(*"abcd", marks=(STARTED,)), creation(*"abcde", experiment="helper")),
    (creation(*"abcd", marks=(STARTED,)), creation(*"abcd", marks=(STARTED,))),
    (creation(*"abcd", marks=(BENCH, STARTED)), creation(*"abcd", marks=(f"{CALLED}tune-*",))),
    (creation(marks=("resumes",)), creation(marks=("if there is none",))),
    (creation(marks=(KEPT_IN_FILE,)), creation(marks=("resumed or new",))),
    (creation(marks=("named child",), terms=(Term("name", "", "a*"),)),
     creation(marks=("named child",), terms=(Term("name", "", "b*"),))),
    (piece("resolve-experiment"), piece("resolve-experiment", marks=("maps errors",))),
    (piece("build-tags", "a", "b", "c"), piece("build-tags", "a", "b", "d")),
    (piece("build-tags", "a", "b"), piece("build-tags", "a", "b")),
    (piece("resolve-experiment"), piece("resolve-experiment", marks=("must exist",))),
    (piece("resolve-experiment", marks=("must exist",)),
     piece("resolve-experiment", marks=("must exist",))),
    (piece("resolve-experiment", marks=("may fail", "then a = 1")),
     piece("resolve-experiment", marks=("may fail", "then b = 1"))),
    (piece("read-tag", "a"), piece("read-tag", "b", marks=("helper",))),
    (piece("read-tag", "a"), piece("read-tag", "a", marks=("returned",))),
    (piece("read-tag", "a", marks=("parsed by loads",)),
     piece("read-tag", "a", marks=("parsed by int",))),
    (piece("read-tag", "a", "b", "c", marks=("several",)), piece("read-tag", "a")),
    (piece("read-tag", "a", "b", "c", marks=("several",)),
     piece("read-tag", "a", "b", "d", marks=("several",))),
    (finder(), finder()._replace(kind="best-run")),
    (block("a", "b", "c", "d"), block("a", "b", "c", "e")),
    (block("a", "b", "c", any_step=("x", "y")), block("a", "b", "c", any_step=("x", "y"))),
    (block(*"abcd"), block(*"abcdefghijklmno", any_step=("x",))),
    (block(*"abcd"), creation(*"abcd")),
    (piece("resolve-experiment", marks=("must exist", "of a finder", "says no a")),
     piece("resolve-experiment", marks=("helper", "must exist", "says no b"))),
    (piece("resolve-experiment", marks=("must exist", "says no a")),
     piece("resolve-experiment", marks=("must exist", "says no b"))),
    (piece("read-tag", "a", marks=("parsed by int",))._replace(taken="run"),
     piece("read-tag", "a", marks=("parsed by int",))._replace(taken="experiment")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_same_job_reaches_the_threshold_either_way(one, other):
    for copy, truth in ((one, other), (other, one)):
        assert THRESHOLDS[job_of(one.kind)] <= compare(copy, truth, {}).score <= 1


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_another_job_stays_below_it_either_way(one, other):
    for copy, truth in ((one, other), (other, one)):
        assert 0 <= compare(copy, truth, {}).score < THRESHOLDS[job_of(one.kind)]


def test_rare_keys_weigh_more():
    one, other = finder("a", "b", "c"), finder("a", "b", "d")
    rare = {"a": 1.0, "b": 1.0, "c": 0.2, "d": 0.2}
    common = {"a": 0.2, "b": 0.2, "c": 1.0, "d": 1.0}
    assert compare(one, other, rare).score > compare(one, other, common).score


def test_what_is_not_the_same_is_said():
    told = compare(finder("a"), finder("a", "b", experiment="parameter", taken="run"), {}).differs
    assert told == (
        "experiment from its name here, from the caller there",
        "takes the run id here, the run there",
        "b there only",
    )
    assert compare(finder("a"), finder("a"), {}).differs == ()


@pytest.mark.parametrize(
    ("here", "there", "told"),
    [
        ("FINISHED", "", "asks for a status: FINISHED here, told elsewhere there"),
        ("", "!FAILED", "asks for a status: told elsewhere here, not FAILED there"),
        ("FINISHED", None, "asks for a status here only"),
        (None, "FINISHED", "asks for a status there only"),
        ("FINISHED", "FINISHED", None),
    ],
)
def test_of_two_statuses_both_are_told(here, there, told):
    copy, truth = (
        finder(terms=(Term("name"), *([] if value is None else [Term("status", "", value)])))
        for value in (here, there)
    )
    assert compare(copy, truth, {}).differs == ((told,) if told else ())


def test_the_order_in_which_weights_are_added_tells_nothing():
    # Added one by one, the large ones swallow the small ones in most orders.
    weights = {"a": 1e16, "b": 1.0, "c": -1e16, "d": 1.0, "e": 1.0, "f": 1.0}
    one, other = piece("build-tags", *"abcdef"), piece("build-tags", *"abcde")
    assert compare(one, other, weights).score == round(0.6 * 3 / 3 + 0.4 * 3 / 4, 2)
