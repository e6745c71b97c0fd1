"""Searches for runs, and what becomes of their answer."""

import textwrap

import pytest

from trackfix.project.run_logic.fragments import Term

HEAD = "from mlflow.tracking import MlflowClient\nclient = MlflowClient()\n"
ANY = Term("order", "<:metric>", "DESC")
ORDERED = "runs = client.search_runs([e], order_by=['start_time DESC'])\n"


@pytest.fixture
def only(logic_of):
    """The only search of a source."""

    def read(source, head=HEAD):
        kinds = {"find-run", "best-run", "list-runs", "clean-up"}
        (found,) = [f for f in logic_of(head + source).fragments if f.kind in kinds]
        return found

    return read


@pytest.mark.parametrize(
    "source",
    [
        "x = runs[0].info.run_id",
        "x = next(iter(runs), None).info.run_id",
        "x = next((r for r in runs if r.info.status == 'FINISHED')).info.run_id",
        "for r in runs:\n    x = r.info.run_id\n    break",
        "x = sorted(runs, key=lambda r: r.info.start_time)[-1].info.run_id",
        "x = max(runs, key=lambda r: r.info.start_time).info.run_id",
        "first, *rest = runs\nx = first.info.run_id",
        "if runs:\n    newest = runs[0]\n    x = newest.info.run_id",
        "x = list(runs)[0].info.run_id if runs else None",
        "x = runs.copy()[0].info.run_id",
        "x = runs.pop(0).info.run_id",
        "match runs:\n    case [first, *_]:\n        x = first.info.run_id",
        "match runs:\n    case []:\n        x = None\n    case [one]:\n        x = one.info.run_id",
    ],
)
def test_one_run_that_is_picked_is_found(only, source):
    found = only(ORDERED + source)
    assert (found.kind, found.order, found.taken) == ("find-run", "time", "run-id")


@pytest.mark.parametrize(
    "case", ["[_, second]", "[*_, last]", "[first, second]", "[first, *rest]", "[]", "runs"]
)
def test_another_case_than_that_of_the_first_run_picks_none(only, case):
    assert only(f"{ORDERED}match runs:\n    case {case}:\n        x = 1").kind == "list-runs"


@pytest.mark.parametrize(
    "source",
    [
        "x = mlflow.search_runs(experiment_names=[n]).iloc[0]['run_id']",
        "x = mlflow.search_runs(experiment_names=[n]).iloc[0].run_id",
        "x = mlflow.search_runs(experiment_names=[n]).at[0, 'run_id']",
        "x = mlflow.search_runs(experiment_names=[n])['run_id'][0]",
        "x = mlflow.search_runs(experiment_names=[n]).run_id.values[0]",
        "x = mlflow.search_runs(experiment_names=[n])['run_id'].tolist()[0]",
        "x = mlflow.search_runs(experiment_names=[n]).dropna().head(1)['run_id'].item()",
        "x = mlflow.search_runs(experiment_names=[n]).squeeze()['run_id']",
        "x = mlflow.search_runs(experiment_names=[n]).to_dict('records')[0]['run_id']",
        "f = mlflow.search_runs(experiment_names=[n])\nif not f.empty:\n    x = f.loc[0].run_id",
    ],
)
def test_one_row_of_a_frame_is_found(only, source):
    found = only(source, "import mlflow\n")
    assert (found.kind, found.experiment, found.taken) == ("find-run", "name", "run-id")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("x = [r.info.run_id for r in client.search_runs([e])]", "list-runs"),
        ("for r in client.search_runs([e]):\n    print(r.info.run_id)", "list-runs"),
        ("x = len(client.search_runs([e]))", "list-runs"),
        ("x = client.search_runs([e])[:5]", "list-runs"),
        ("x = client.search_runs([e]).copy()", "list-runs"),
        ("x = client.search_runs([e])[1].info.run_id", "list-runs"),
        ("new, old = client.search_runs([e])\nx = new.info.run_id", "list-runs"),
        ("*older, x = client.search_runs([e])", "list-runs"),
        ("x = mlflow.search_runs([e]).iloc[1]['run_id']", "list-runs"),
        ("x = mlflow.search_runs([e]).iloc[-2]['run_id']", "list-runs"),
        ("x = client.search_runs([e])[-1].info.run_id", "find-run"),
        ("x = mlflow.search_runs([e]).to_dict('records')", "list-runs"),
        ("x = client.search_runs([e])\nwhile x:\n    print(x.pop().info.run_id)", "list-runs"),
        ("x = client.search_runs([e], order_by=['metrics.f1 DESC'])[0].info.run_id", "best-run"),
        ("x = max(client.search_runs([e]), key=lambda r: r.data.metrics['f1'])", "best-run"),
        ("for r in client.search_runs([e]):\n    if r.data.metrics['a'] > b:\n        b = r",
         "best-run"),
        ("for r in client.search_runs([e]):\n    client.delete_run(r.info.run_id)", "clean-up"),
        ("x = client.search_runs([e])[0]\nclient.set_terminated(x.info.run_id)", "clean-up"),
        ("x = client.search_runs([e])[0].info.run_id\nclient.delete_run(x)", "clean-up"),
    ],
)  # fmt: skip
def test_other_jobs_are_told_apart(only, source, kind):
    assert only(source).kind == kind


def steps(fragment):
    return [step.text for step in fragment.steps]


@pytest.mark.parametrize(
    "asked, told",
    [
        ("order_by=['start_time DESC']", "no filter, by time"),
        ("order_by=['attributes.end_time DESC']", "no filter, by time of end"),
        ("run_view_type=ViewType.ACTIVE_ONLY", "no filter"),
        ("run_view_type=1", "no filter"),
        ("run_view_type=ViewType.ALL", "no filter, deleted, too"),
        ("run_view_type=2", "no filter, deleted"),
        ("run_view_type=view", "no filter, view view"),
    ],
)
def test_a_search_is_told_with_its_order_and_what_it_views(only, asked, told):
    found = only(f"runs = client.search_runs([e], {asked})\nx = runs[0].info.run_id")
    assert f"search_runs({told})" in steps(found)


def test_the_name_of_an_experiment_is_told_where_the_search_takes_it(only):
    found = only("x = mlflow.search_runs(experiment_names=[n]).iloc[0].run_id", "import mlflow\n")
    assert steps(found)[0] == "experiment from its name"
    by_id = only("x = mlflow.search_runs([n]).iloc[0].run_id", "import mlflow\n")
    assert "experiment from its name" not in steps(by_id)


@pytest.mark.parametrize(
    "source, told",
    [
        ("x = client.search_runs([e])[0].info.run_id", ["them[0]", "them[0].info.run_id"]),
        ("x = (await client.search_runs([e]))[0].info.run_id", ["them[0]", "them[0].info.run_id"]),
        ("f = client.search_runs([e])\nx = f[0].info.run_id", ["f[0]", "f[0].info.run_id"]),
        (
            "f = client.search_runs([e])\nx = max(f, key=lambda r: r.info.start_time).info.run_id",
            ["max(...)", "max(...).info.run_id"],
        ),
    ],
)
def test_what_is_taken_is_told_without_the_search_itself(only, source, told):
    assert [text for text in steps(only(source)) if "search" not in text] == told


def test_a_run_that_is_ended_after_its_id_was_kept_is_found(only):
    source = "x = client.search_runs([e])[0].info.run_id\nwork(x)\nclient.set_terminated(x)"
    assert only(source).kind == "find-run"


@pytest.mark.parametrize(
    ("missing", "kind"),
    [
        ("run = client.create_run(e)", "find-run"),
        ("run = load()", "clean-up"),
        ("other = client.create_run(e)", "clean-up"),
    ],
)
def test_a_run_that_is_ended_is_found_if_it_is_made_where_it_is_missing(only, missing, kind):
    source = (
        "run = next(iter(client.search_runs([e], \"tags.k = 'v'\")), None)\n"
        f"if run is None:\n    {missing}\nclient.set_terminated(run.info.run_id)"
    )
    assert only(source).kind == kind


def test_a_filter_is_what_is_asked_in_text_or_by_hand(only):
    tag = Term("tag", "a", "")
    assert only("x = client.search_runs([e], f\"tags.a = '{v}'\")[0]").terms == (tag,)
    by_hand = (
        "for r in client.search_runs([e]):\n    if r.data.tags.get('a') == v:\n        x = r\n"
    )
    assert only(by_hand + "        break").terms == (tag,)
    row = "x = [r for r in client.search_runs([e]) if r.data.tags['a'] == v][0]"
    assert only(row).terms == (tag,)


@pytest.mark.parametrize(
    "imported, call",
    [
        ("from trackfix.tracking import tag_filter", "tag_filter({'a': v, 'b.c': 'd'})"),
        ("from trackfix.tracking.queries import tag_filter as f", "f(tags={'a': v, 'b.c': 'd'})"),
        ("from trackfix import tracking", "tracking.tag_filter({'a': v, 'b.c': 'd'})"),
        ("import trackfix.tracking", "trackfix.tracking.tag_filter({'a': v, 'b.c': 'd'})"),
    ],
)
def test_what_our_tag_filter_asks_is_read(only, imported, call):
    found = only(f"{imported}\nx = client.search_runs([e], {call})[0]")
    assert found.terms == (Term("tag", "a", ""), Term("tag", "b.c", "d"))


@pytest.mark.parametrize(
    "imported, call",
    [
        ("from own.filters import tag_filter", "tag_filter({'a': v})"),
        ("from trackfix.tracking import tag_filter", "tag_filter(tags)"),
        ("import trackfix", "trackfix.other.tag_filter({'a': v})"),
    ],
)
def test_what_another_filter_maker_asks_is_not_known(only, imported, call):
    found = only(f"{imported}\nx = client.search_runs([e], {call})[0]")
    assert [term.kind for term in found.terms] == ["other"]


def test_a_filter_that_nobody_can_read_is_not_none(only):
    assert only("x = client.search_runs([e], make(a))[0]").terms == (
        Term("other", "<:made by make>"),
    )
    assert only("q = make(A, b)\nx = client.search_runs([e], q)[0]").terms == (
        Term("other", "<:made by make>", "A"),
    )
    assert only("x = client.search_runs([e], queries[0])[0]").terms == (
        Term("other", "<:filter queries[0]>"),
    )
    assert only("def f(q):\n    return client.search_runs([e], q)[0]").terms == (
        Term("other", "<:filter>"),
    )


@pytest.mark.parametrize(
    "call",
    [
        "await asyncio.to_thread(client.search_runs, [e], \"tags.a = 'b'\")",
        "await loop.run_in_executor(None, client.search_runs, [e], \"tags.a = 'b'\")",
        "call_with_retries(client.search_runs, [e], filter_string=\"tags.a = 'b'\")",
        "await loop.run_in_executor(None, lambda: client.search_runs([e], \"tags.a = 'b'\"))",
        "retry(lambda: client.search_runs([e], filter_string=\"tags.a = 'b'\"))",
    ],
)
def test_a_search_that_another_function_is_asked_to_make_is_one(only, call):
    found = only(f"async def f(e):\n    runs = {call}\n    return runs[0].info.run_id")
    assert (found.kind, found.experiment, found.taken) == ("find-run", "parameter", "run-id")
    assert found.terms == (Term("tag", "a", "b"),)


def test_a_file_that_is_given_its_client_need_not_name_the_library(logic_of):
    source = (
        "from pkg.tracking import made\n\nasync def f(e):\n"
        "    run = await asyncio.to_thread(made().create_run, e, tags={'a': 1})\n"
        "    return await asyncio.to_thread(made().search_runs, [e])\n"
    )
    assert [found.kind for found in logic_of(source).fragments] == ["create-run", "list-runs"]


def test_a_value_that_is_asked_for_is_no_other_one_as_well(only):
    found = only(
        "runs = [r for r in client.search_runs([e], \"tags.a != ''\") if r.data.tags['a'] == i]\n"
        "x = runs[0]"
    )
    assert found.terms == (Term("tag", "a"),)


def test_a_run_that_another_function_is_asked_to_start_is_no_search(logic_of):
    source = "async def f(s):\n    if s.run_id is None:\n        await asyncio.to_thread(client.start_run)"
    assert logic_of(HEAD + source).fragments == ()


@pytest.mark.parametrize(
    "source",
    [
        "wraps(client.search_runs)",
        "patch.object(client.create_run, 'x')",
        "asyncio.to_thread(work, client)",
        "partial(client.log_metric, run_id)",
        "asyncio.to_thread(other.method, 1)",
    ],
)
def test_a_function_that_is_only_named_is_not_called(logic_of, source):
    assert logic_of(HEAD + source).fragments == ()


def test_old_servers_list_infos(only):
    found = only("infos = client.list_run_infos(e)\nx = infos[0].run_id")
    assert (found.kind, found.taken) == ("find-run", "run-id")


@pytest.mark.parametrize(
    ("source", "term"),
    [
        ("x = client.search_runs([e], order_by=['metrics.f1 DESC'])[0]", ("f1", "DESC")),
        ("x = client.search_runs([e], order_by=['metrics.`val/f1` asc'])[0]", ("val/f1", "ASC")),
        ("x = client.search_runs([e], order_by=[f'metrics.{m} DESC'])[0]", ("<:metric>", "DESC")),
        ("x = client.search_runs([e], order_by=[f'metrics.\"{m}\" {d}'])[0]", ("<:metric>", "")),
        (
            "from pkg import keys\n"
            "x = client.search_runs([e], order_by=[f'metrics.{keys.OBJECTIVE} ASC'])[0]",
            ("<pkg:keys.OBJECTIVE>", "ASC"),
        ),
        (
            "x = max(client.search_runs([e]), key=lambda r: r.data.metrics.get('f1'))",
            ("f1", "DESC"),
        ),
        (
            "x = max(client.search_runs([e]), key=lambda r: r.data.metrics[m])",
            ("<:metric>", "DESC"),
        ),
        ("f = mlflow.search_runs([e])\nx = f.loc[f['metrics.f1'].idxmax()].run_id", ("f1", "DESC")),
        (
            "f = mlflow.search_runs([e])\ni = f['metrics.f1'].idxmax()\nx = f.loc[i, 'run_id']",
            ("f1", "DESC"),
        ),
        ("x = mlflow.search_runs([e]).nlargest(1, 'metrics.f1').iloc[0].run_id", ("f1", "DESC")),
        ("x = mlflow.search_runs([e]).sort_values('metrics.f1').iloc[-1].run_id", ("f1", "DESC")),
        (
            "for r in client.search_runs([e]):\n    v = r.data.metrics['f1']\n"
            "    if v > b:\n        b = v\n        x = r.info.run_id",
            ("f1", "DESC"),
        ),
        (
            "for r in client.search_runs([e]):\n    v = r.data.metrics.get('f1')\n"
            "    if r.data.metrics and v > b:\n        b = v",
            ("f1", "DESC"),
        ),
    ],
)
def test_the_metric_of_the_best_run_is_told(only, source, term):
    found = only("import mlflow\n" + source)
    assert found.kind == "best-run"
    assert found.terms == (Term("order", *term),)


@pytest.mark.parametrize(
    ("mask", "terms"),
    [
        ("f['tags.a'] == v", (Term("tag", "a"),)),
        ("f['tags.mlflow.runName'] == 'b'", (Term("name", "", "b"),)),
        (
            "(f['params.p'] == 'b') & (f['status'] == 'FINISHED')",
            (Term("param", "p", "b"), Term("status", "", "FINISHED")),
        ),
        ("f.run_id != v", (Term("no id"),)),
        ("f['status'].eq('FINISHED')", (Term("status", "", "FINISHED"),)),
        ("f['tags.a'].isin(v)", (Term("tag", "a"),)),
    ],
)
def test_a_mask_of_a_frame_is_a_filter(only, mask, terms):
    source = f"f = mlflow.search_runs([e])\nx = f[{mask}].iloc[0].run_id"
    found = only(source, "import mlflow\n")
    assert (found.kind, found.taken, found.terms) == ("find-run", "run-id", terms)


@pytest.mark.parametrize("joined", ["&", "|"])
def test_a_mask_may_be_put_together_step_by_step(only, joined):
    source = (
        "f = mlflow.search_runs([e])\nm = f['tags.a'] == v\n"
        f"m {joined}= f['tags.b'] == w\nx = f.loc[m].iloc[0].run_id"
    )
    found = only(source, "import mlflow\n")
    assert (found.kind, found.terms) == ("find-run", (Term("tag", "a"), Term("tag", "b")))


@pytest.mark.parametrize("place", ["m & (f['tags.b'] == w)", "(m) & n"])
def test_a_mask_may_be_a_part_of_another_one(only, place):
    source = (
        "f = mlflow.search_runs([e])\nm = f['tags.a'] == v\nn = f['tags.b'] == w\n"
        f"f = f[{place}]\nx = f.iloc[0].run_id"
    )
    found = only(source, "import mlflow\n")
    assert (found.kind, found.terms) == ("find-run", (Term("tag", "a"), Term("tag", "b")))


def test_a_mask_that_is_made_anew_asks_no_more_than_it_says(only):
    source = (
        "f = mlflow.search_runs([e])\nm = f['tags.a'] == v\nm = f['tags.b'] == w\n"
        "x = f.loc[m].iloc[0].run_id"
    )
    assert only(source, "import mlflow\n").terms == (Term("tag", "b"),)


COUNTED = (
    "def f(e):\n    runs = client.search_runs([e], \"tags.a = 'b'\")\n    if {0}:\n        {1}\n"
    "    for run in runs:\n        x = run.info.run_id\n    return x"
)


@pytest.mark.parametrize("test", ["len(runs) != 1", "len(runs) == 0 or len(runs) > 1"])
@pytest.mark.parametrize("end", ["raise E", "return None"])
def test_a_loop_over_the_only_run_finds_it(only, test, end):
    assert only(COUNTED.format(test, end)).kind == "find-run"


@pytest.mark.parametrize(
    ("test", "end"), [("len(runs) != 1", "log()"), ("len(runs) == 0", "raise E"), ("x", "return 1")]
)
def test_a_loop_that_may_be_over_several_runs_lists_them(only, test, end):
    assert only(COUNTED.format(test, end)).kind == "list-runs"


@pytest.mark.parametrize(
    "source",
    [
        "v = r.data.metrics['f1']\n    if v == b:\n        x = r.info.run_id",
        "v = r.data.metrics['f1']\n    if v > b:\n        x = v",
        "v = r.data.params['n']\n    if v > b:\n        x = r.info.run_id",
    ],
)
def test_a_loop_that_keeps_no_run_of_a_better_metric_tells_no_best(only, source):
    assert only("for r in client.search_runs([e]):\n    " + source).kind == "list-runs"


KEPT = "for r in client.search_runs([e]):\n    if {0}:\n        x = {1}\n{2}"


def test_a_loop_that_keeps_the_run_that_fits_finds_it(only):
    found = only(KEPT.format("r.data.tags.get('a') == v", "r.info.run_id", "use(x)"))
    assert (found.kind, found.terms) == ("find-run", (Term("tag", "a"),))


@pytest.mark.parametrize(
    "parts",
    [
        ("r.data.tags.get('a') == v", "r.info.run_id", ""),
        ("is_good(r)", "r.info.run_id", "use(x)"),
        ("r.data.tags.get('a') == v", "x + 1", "use(x)"),
    ],
)
def test_a_loop_that_keeps_no_run_or_asks_nothing_lists_them(only, parts):
    assert only(KEPT.format(*parts)).kind == "list-runs"


COLLECTED = "found = []\nfor r in client.search_runs([e]):\n    if {0}:\n        {1}\n{2}"
NEWEST = "max(found, key=lambda r: r.info.start_time).info.run_id"


@pytest.mark.parametrize("picks", [f"x = {NEWEST}", f"if found:\n    x = {NEWEST}"])
def test_a_loop_that_collects_the_runs_that_fit_leaves_those(only, picks):
    found = only(COLLECTED.format("r.data.tags.get('a') == v", "found.append(r)", picks))
    assert (found.kind, found.order, found.terms) == ("find-run", "time", (Term("tag", "a"),))


@pytest.mark.parametrize(
    ("test", "does"),
    [
        ("r.data.tags.get('a') == v", "found.append(other)"),
        ("r.data.tags.get('a') == v", "found.extend(r)"),
        ("r.data.tags.get('a') == v", "self.found.append(r)"),
    ],
)
def test_a_loop_that_collects_something_else_lists_the_runs(only, test, does):
    assert only(COLLECTED.format(test, does, f"x = {NEWEST}")).kind == "list-runs"


def test_what_is_collected_by_a_test_that_nobody_can_read_is_something_of_its_own(only):
    found = only(COLLECTED.format("is_good(r)", "found.append(r)", f"x = {NEWEST}"))
    assert found.terms == (Term("test", "<:is_good(r)>"),)


HELPED = """
def runs_of(client, ids, query):
    return client.search_runs(ids, query, order_by=["start_time DESC"])

def f(client, name):
    experiment = client.get_experiment_by_name(name)
    return runs_of(client, [experiment.experiment_id], f"tags.a = '{name}'")[0].info.run_id
"""


def test_a_helper_searches_for_what_its_caller_gives(fragments_of):
    (found,) = fragments_of(HEAD + HELPED, "find-run")
    assert (found.function, found.experiment, found.order) == ("f", "name", "time")
    assert found.terms == (Term("tag", "a", ""),)


def test_who_calls_a_finder_is_no_finder(fragments_of):
    source = HELPED.replace('"])\n', '"])[0]\n', 1).replace(")[0].info", ").info")
    assert [f.function for f in fragments_of(HEAD + source, "find-run")] == ["runs_of"]


@pytest.mark.parametrize(
    "source",
    [
        "store = SqlStore()\nx = store.search_runs([e])[0]",
        "class C:\n    def f(self):\n        return self.search_runs([e])[0]",
        "import other\nx = other.list_run_infos(e)[0]",
        "x = client.search_model_versions('a')[0]",
        "x = client.get_run(i)",
    ],
)
def test_what_is_no_search_of_mlflow_gives_nothing(logic_of, source):
    assert logic_of(HEAD + source).fragments == ()


@pytest.mark.parametrize(
    "source",
    [
        "x = client.search_runs([e], order_by=['start_time DESC'])[0]",
        "x = client.search_runs([e], order_by=['start_time'])[-1]",
        "x = sorted(client.search_runs([e]), key=lambda r: -r.info.start_time)[0]",
        "x = sorted(client.search_runs([e]), key=lambda r: r.info.start_time, reverse=True)[0]",
        "x = sorted(client.search_runs([e]), key=lambda r: r.info.start_time)[-1:][0]",
        "x = sorted(client.search_runs([e]), key=lambda r: r.info.start_time)[::-1][0]",
        "x = next(reversed(sorted(client.search_runs([e]), key=lambda r: r.info.start_time)))",
        "rs = client.search_runs([e])\nrs.sort(key=lambda r: r.info.start_time)\n"
        "rs.reverse()\nx = rs[0]",
        "x = max(client.search_runs([e]), key=lambda r: r.info.start_time)",
        "f = mlflow.search_runs([e])\nx = f.sort_values('start_time', ascending=False).iloc[0]",
        "f = mlflow.search_runs([e])\nx = f.sort_values('start_time').tail(1).squeeze()",
        "f = mlflow.search_runs([e])\nx = f.loc[f['start_time'].idxmax()].run_id",
        "x = None\nfor r in client.search_runs([e]):\n"
        "    if x is None or r.info.start_time > x.info.start_time:\n        x = r",
        "last = 0\nfor r in client.search_runs([e]):\n"
        "    if last < r.info.start_time:\n        x, last = r, r.info.start_time",
    ],
)
def test_the_newest_run_is_told_by_either_end_of_an_order(only, source):
    found = only("import mlflow\n" + source)
    assert (found.kind, found.order) == ("find-run", "time")


@pytest.mark.parametrize(
    ("source", "order"),
    [
        ("x = client.search_runs([e], order_by=['start_time ASC'])[0]", "oldest"),
        ("x = client.search_runs([e], order_by=['start_time DESC'])[-1]", "oldest"),
        ("x = client.search_runs([e], order_by=['start_time DESC']).pop()", "oldest"),
        ("x = min(client.search_runs([e]), key=lambda r: r.info.start_time)", "oldest"),
        ("x = sorted(client.search_runs([e]), key=lambda r: r.info.start_time)[0]", "oldest"),
        (
            "for r in client.search_runs([e]):\n    if r.info.start_time < first:\n"
            "        first, x = r.info.start_time, r",
            "oldest",
        ),
        (
            "x = max(client.search_runs([e]), key=lambda r: r.info.end_time - r.info.start_time)",
            "other",
        ),
        (
            "x = sorted(client.search_runs([e]), key=lambda r: r.info.start_time, reverse=b)[0]",
            "time",
        ),
    ],
)
def test_the_oldest_and_the_longest_run_are_not_the_newest(only, source, order):
    assert only("import mlflow\n" + source).order == order


@pytest.mark.parametrize(
    "source",
    [
        "for r in client.search_runs([e]):\n    if r.data.metrics['f1'] > 0.9:\n        out.append(r)",
        "for r in client.search_runs([e]):\n    if r.info.start_time > since:\n        print(r)",
        "for r in client.search_runs([e]):\n    if 'f1' in r.data.metrics:\n        out.append(r)",
        "for r in client.search_runs([e]):\n    if 0 < r.data.metrics['f1'] < 1:\n        out.append(r)",
    ],
)
def test_all_runs_above_something_are_a_list(only, source):
    assert only(source).kind == "list-runs"


@pytest.mark.parametrize(
    ("test", "is_least"),
    [
        ("0 < v < least", True),
        ("least > v > 0", True),
        ("v > 0 and v < least", True),
        ("least < v < 1", False),
    ],
)
def test_a_loop_may_keep_the_best_between_bounds(only, test, is_least):
    found = only(
        "for r in client.search_runs([e]):\n    v = r.data.metrics.get('loss', 0)\n"
        f"    if {test}:\n        x, least = r, v\n"
    )
    order = "ASC" if is_least else "DESC"
    assert (found.kind, found.terms) == ("best-run", (Term("order", "loss", order),))


def test_a_loop_that_keeps_the_newest_asks_what_it_leaves_out(only):
    source = (
        "for r in client.search_runs([e]):\n    if r.data.tags.get('k') != v:\n        continue\n"
        "    if not r.info.end_time:\n        continue\n    if skip(r):\n        continue\n"
        "    if x is None or r.info.start_time > x.info.start_time:\n        x = r"
    )
    assert only(source).terms == (Term("tag", "k"), Term("test", "<:skip(r)>"))


@pytest.mark.parametrize(
    "source",
    [
        "x = next(filter(lambda r: r.data.tags.get('k') == v, runs), None)",
        "for r in filter(lambda r: r.data.tags['k'] == str(v), runs):\n    x = r\n    break",
        "x = [r for r in runs if str(r.data.tags.get('k')) == v][0]",
        "by_k = {r.data.tags.get('k'): r for r in runs}\nx = by_k.get(v)",
        "by_k = {int(r.data.tags['k']): r for r in runs}\nx = by_k[v]",
        "for i, r in enumerate(runs):\n    if r.data.tags['k'] == v:\n        x = r\n        break",
    ],
)
def test_a_tag_that_is_compared_in_python_is_asked_for(only, source):
    found = only(ORDERED + source)
    assert (found.kind, found.terms) == ("find-run", (Term("tag", "k"),))


@pytest.mark.parametrize(
    "source",
    [
        "by_k = {r.data.tags.get('k'): r for r in runs}\na, b = by_k[v], by_k[w]",
        "by_k = {r.data.tags.get('k'): r for r in runs}\nwhile w:\n    use(by_k[next(w)])",
        "by_k = {r.data.tags.get('k'): 1 for r in runs}\nx = by_k[v]",
        "by_k = {f(r): r for r in runs}\nx = by_k[v]",
    ],
)
def test_an_index_of_many_runs_picks_none(only, source):
    assert only(ORDERED + source).kind == "list-runs"


@pytest.mark.parametrize(
    ("source", "terms"),
    [
        ("x = f[f['tags.k'] == v].iloc[0]", (Term("tag", "k"),)),
        ("x = f[f['tags.k'].eq(v)].iloc[0]", (Term("tag", "k"),)),
        ("x = f[f['tags.k'].astype(str) == 'v'].iloc[0]", (Term("tag", "k", "v"),)),
        ("KEY = 'k'\nx = f[f[f'tags.{KEY}'] == v].iloc[0]", (Term("tag", "k"),)),
        ("is_it = f['tags.k'] == v\nx = f[is_it].iloc[0]", (Term("tag", "k"),)),
        ("x = f.loc[f['tags.k'] == v, 'run_id'].iloc[0]", (Term("tag", "k"),)),
        ("x = f[f.status == 'FINISHED'].iloc[0]", (Term("status", "", "FINISHED"),)),
        ("x = f[f.status != 'FINISHED'].iloc[0]", (Term("status", "", "!FINISHED"),)),
        ("x = f[f['tags.k'] != v].iloc[0]", (Term("no tag", "k"),)),
        ("x = f.query('`tags.k` == @v').iloc[0]", (Term("tag", "k"),)),
        ("x = f.query('status == \"FINISHED\"').iloc[0]", (Term("status", "", "FINISHED"),)),
        ("x = f[f['metrics.f1'].notna()].iloc[0]", (Term("metric", "f1"),)),
        ("x = f[f['tags.k'] > v].iloc[0]", (Term("test", "<:f['tags.k'] > v>"),)),
        ("x = next(f.itertuples())", ()),
    ],
)
def test_what_is_asked_of_rows_is_read(only, source, terms):
    found = only("import mlflow\nf = mlflow.search_runs([e])\n" + source)
    assert (found.kind, found.terms) == ("find-run", terms)


def test_a_metric_that_is_a_parameter_is_its_default(only):
    source = "def f(e, m='f1'):\n    return max(client.search_runs([e]), key=lambda r: r.data.metrics[m])"
    assert only(source).terms == (Term("order", "f1", "DESC"), ANY)


@pytest.mark.parametrize(
    "source",
    [
        "@click.option('--metric', default='f1')\ndef f(metric):\n    {asked}",
        "@app.command()\n@click.option('-m', '--by', 'metric', default='f1')\n"
        "def f(metric):\n    {asked}",
        "@click.argument('metric', default='f1')\ndef f(metric):\n    {asked}",
        "def f(metric: str = typer.Option('f1', '--by')):\n    {asked}",
        "def main():\n    p = argparse.ArgumentParser()\n"
        "    p.add_argument('-m', '--metric', default='f1')\n    args = p.parse_args()\n    {parsed}",
        "p.add_argument('--by', dest='metric', default='f1')\ndef f(args):\n    {parsed}",
        "def f(metric: str = typer.Option(default='f1')):\n    {asked}",
        "p.add_argument('--metric', default='f1')\nq.add_argument('--metric', default='f1')\n"
        "def f(args):\n    {parsed}",
    ],
)
def test_a_metric_that_is_an_option_is_its_default(only, source):
    asked = "x = client.search_runs([e], order_by=[f'metrics.{metric} DESC'])[0]"
    parsed = asked.replace("{metric}", "{args.metric}")
    found = only(source.format(asked=asked, parsed=parsed))
    assert found.terms == (Term("order", "f1", "DESC"), ANY)


@pytest.mark.parametrize(
    "source",
    [
        "@click.option('--metric', required=True)\ndef f(metric):\n    {asked}",
        "@click.option('--other', default='f1')\ndef f(metric):\n    {asked}",
        "@given('--metric', default='f1')\ndef f(metric):\n    {asked}",
        "def f(metric: str = typer.Option(...)):\n    {asked}",
        "p.add_argument('--metric', default='f1')\ndef f(metric):\n    {asked}",
        "p.add_argument('--metric', default='f1')\nq.add_argument('--metric', default='loss')\n"
        "def f(args):\n    {parsed}",
        "def f(metric: str = typer.Option()):\n    {asked}",
    ],
)
def test_a_metric_that_no_option_gives_a_default_is_any(only, source):
    asked = "x = client.search_runs([e], order_by=[f'metrics.{metric} DESC'])[0]"
    parsed = asked.replace("{metric}", "{args.metric}")
    assert only(source.format(asked=asked, parsed=parsed)).terms == (ANY,)


def test_the_default_may_be_a_constant_of_another_module(only):
    source = (
        "def f(e, m=names.F1):\n"
        "    return client.search_runs([e], order_by=[f'metrics.{m} DESC'], max_results=1)[0]"
    )
    found = only(f"from pkg import names\n{source}")
    assert found.terms == (Term("order", "<pkg:names.F1>", "DESC"), ANY)


@pytest.mark.parametrize("default", ["None", "given()"])
def test_a_metric_whose_default_is_no_text_is_any(only, default):
    source = (
        f"def f(e, m={default}):\n"
        "    return client.search_runs([e], order_by=[f'metrics.{m} DESC'], max_results=1)[0]"
    )
    assert only(source).terms == (ANY,)


@pytest.mark.parametrize(
    "source",
    [
        "for row in f.to_dict('records'):\n    if row['tags.k'] == v:\n        x = row\n        break",
        "for _, row in f.iterrows():\n    if row.get('tags.k') == v:\n        x = row\n        break",
        "def is_it(r, v):\n    return r.data.tags.get('k') == v\n"
        "x = next((r for r in runs if is_it(r, v)), None)",
        "def is_it(r):\n    '''Whether.'''\n    return r.data.tags['k'] == v\nx = next(filter(is_it, runs))",
        "is_it = lambda r: r.data.tags['k'] == v\nx = next(filter(is_it, runs))",
        "for r in runs:\n    t = r.data.tags\n    if 'k' in t and t['k'] == v:\n        x = r\n        break",
        "asked = {'experiment_ids': [e], 'filter_string': f\"tags.k = '{v}'\"}\n"
        "x = client.search_runs(**asked)[0]",
        "asked = dict(filter_string=f\"tags.k = '{v}'\")\nx = client.search_runs([e], **asked)[0]",
    ],
)
def test_what_is_asked_elsewhere_in_the_file_is_read(logic_of, source):
    head = f"{HEAD}runs = client.search_runs([e])\nf = mlflow.search_runs([e])\n"
    found = [f for f in logic_of(head + source).fragments if f.kind == "find-run"]
    assert [f.terms for f in found] == [(Term("tag", "k"),)]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("x = next(filter(is_it, client.search_runs([e])))", "test"),
        (
            "def is_it(r):\n    log(r)\n    return r.ok\n"
            "x = next(filter(is_it, client.search_runs([e])))",
            "test",
        ),
        ("x = client.search_runs([e], **asked)[0]", "other"),
    ],
)
def test_what_is_asked_and_not_told_is_something_of_its_own(only, source, kind):
    (term,) = only(source).terms
    assert term.kind == kind


PAIRS = "p = [(r.data.metrics['f1'], r) for r in client.search_runs([e])]\n"


@pytest.mark.parametrize(
    "pick", ["max(p)[1]", "max(p, key=lambda n: n[0])[1]", "sorted(p, reverse=True)[0][1]"]
)
def test_the_best_of_runs_that_are_paired_with_a_metric_is_told_by_it(only, pick):
    found = only(f"{PAIRS}x = {pick}.info.run_id")
    assert (found.kind, found.terms) == ("best-run", (Term("order", "f1", "DESC"),))


@pytest.mark.parametrize("key", ["n[1].info.start_time", "n[1]", "len(n)"])
def test_runs_that_are_paired_with_a_metric_may_be_told_by_something_else(only, key):
    assert only(f"{PAIRS}x = max(p, key=lambda n: {key})[1].info.run_id").kind == "find-run"


@pytest.mark.parametrize(
    "source",
    [
        "def score(r):\n    return r.data.metrics['f1']\nx = max(client.search_runs([e]), key=score)",
        "score = lambda r: r.data.metrics['f1']\nx = sorted(client.search_runs([e]), key=score)[-1]",
        "x = heapq.nlargest(1, client.search_runs([e]), key=lambda r: r.data.metrics['f1'])[0]",
    ],
)
def test_the_metric_may_be_told_by_a_function_of_the_file(only, source):
    found = only(source)
    assert (found.kind, found.terms) == ("best-run", (Term("order", "f1", "DESC"),))


REDUCED = """
from functools import reduce
def kept(a, b):
    return {}
def f(e):
    return reduce({}, client.search_runs([e], "tags.k = 'v'")).info.run_id
"""


@pytest.mark.parametrize(
    ("function", "order"),
    [
        ("a if a.info.end_time >= b.info.end_time else b", "time"),
        ("b if a.info.end_time < b.info.end_time else a", "time"),
        ("a if a.info.end_time < b.info.end_time else b", "oldest"),
        ("newer(a, b)", "other"),
        ("a", "other"),
    ],
)
def test_what_reduce_leaves_is_picked(only, function, order):
    for source in (
        REDUCED.format(function, "kept"),
        REDUCED.format("", f"lambda a, b: {function}"),
    ):
        found = only(source)
        assert (found.kind, found.order, found.taken) == ("find-run", order, "run-id")


def test_reduce_may_leave_the_best(only):
    test = "a.data.metrics['f1'] > b.data.metrics['f1']"
    found = only(REDUCED.format(f"a if {test} else b", "kept"))
    assert (found.kind, found.terms[-1]) == ("best-run", Term("order", "f1", "DESC"))


FRAME = "import mlflow\ndef f(frame_of, column='metrics.p95'):\n"


@pytest.mark.parametrize(
    ("pick", "end"),
    [
        ("df.loc[df[column].idxmin()]['run_id']", "ASC"),
        ("df.sort_values(column).iloc[0].run_id", "ASC"),
        ("df.sort_values(by=column, ascending=False).iloc[0].run_id", "DESC"),
        ("df.nlargest(1, column).iloc[0].run_id", "DESC"),
    ],
)
def test_a_name_may_hold_the_column_of_the_best(only, pick, end):
    source = f"{FRAME}    df = mlflow.search_runs(['1'])\n    return {pick}"
    found = only(source, "")
    assert (found.kind, found.terms) == ("best-run", (Term("order", "p95", end),))
    assert only(source.replace("metrics.p95", "tags.p95"), "").kind == "find-run"


@pytest.mark.parametrize(
    "pick",
    [
        "df.loc[df[column].idxmin() if least else df[column].idxmax()]['run_id']",
        "(min if least else max)(runs, key=lambda r: r.data.metrics['p95'])",
        "best_of(runs, key=lambda r: r.data.metrics['p95'])",
        "min(runs, key=KEY) if least else max(runs, key=KEY)",
    ],
)
def test_the_best_may_be_the_least_or_the_greatest(only, pick):
    pick = pick.replace("KEY", "lambda r: r.data.metrics['p95']")
    source = (
        f"{FRAME}    df = runs = mlflow.search_runs(['1'])\n"
        f"    best_of = max if least else min\n    return {pick}"
    )
    found = only(source, "")
    assert (found.kind, found.terms) == ("best-run", (Term("order", "p95"),))


@pytest.mark.parametrize("chosen", ["max if f else sorted", "pick if f else min"])
def test_what_a_condition_chooses_otherwise_picks_no_best(only, chosen):
    source = (
        f"{FRAME}    runs = mlflow.search_runs(['1'])\n    best_of = {chosen}\n"
        "    return best_of(runs, key=lambda r: r.data.metrics['p95'])"
    )
    assert only(source, "").kind != "best-run"


@pytest.mark.parametrize(
    "rest",
    [
        "for i in df.get('run_id', []):\n        return i",
        "return df.get('run_id').iloc[0]",
    ],
)
def test_a_column_of_runs_may_be_asked_for_by_get(only, rest):
    source = f"{FRAME}    df = mlflow.search_runs(['1'])\n    {rest}"
    assert (only(source, "").kind, only(source, "").taken) == ("find-run", "run-id")
    assert only(source.replace("run_id", "rows"), "").kind == "list-runs"


def test_that_a_run_has_the_metric_of_the_best_is_no_more_than_that(only):
    source = (
        "runs = [r for r in client.search_runs([e]) if r.data.metrics.get('f1') is not None]\n"
        "runs.sort(key=lambda r: r.data.metrics['f1'], reverse=True)\nx = runs[0].info.run_id"
    )
    assert only(source).terms == (Term("metric", "f1"), Term("order", "f1", "DESC"))
    other = only(
        source.replace("r.data.metrics.get('f1') is not", "r.data.params.get('f1') is not")
    )
    assert other.terms[0].kind == "test"


IN_TURN = (
    "def f(key):\n    for where in {}:\n"
    "        runs = client.search_runs([e], where, max_results=1)\n"
    "        if runs:\n            return runs[0].info.run_id\n"
)
BY_TAG, BY_NAME = "f\"tags.k = '{key}'\"", "f\"attributes.run_name = '{key}'\""


@pytest.mark.parametrize(
    "source",
    [
        IN_TURN.format(f"({BY_TAG}, {BY_NAME})"),
        IN_TURN.format("tried").replace("    for", f"    tried = [{BY_TAG}, {BY_NAME}]\n    for"),
        IN_TURN.format("tried").replace(
            "    for",
            f"    tried = [{BY_TAG}]\n    if key:\n        tried.append({BY_NAME})\n    for",
        ),
        "def runs_of(where):\n    return client.search_runs([e], where)\n"
        + IN_TURN.format(f"({BY_TAG}, {BY_NAME})").replace(
            "client.search_runs([e], where, max_results=1)", "runs_of(where)"
        ),
    ],
)
def test_each_filter_that_a_loop_tries_in_turn_is_a_search(fragments_of, source):
    found = fragments_of(HEAD + source, "find-run")
    assert [part.terms for part in found] == [(Term("tag", "k"),), (Term("name", ""),)]


@pytest.mark.parametrize("tried", ["tried", "read()", "{'a': 1}"])
def test_filters_that_nobody_can_read_are_one_search(fragments_of, tried):
    (found,) = fragments_of(HEAD + IN_TURN.format(tried), "find-run")
    assert [term.kind for term in found.terms] == ["other"]


@pytest.mark.parametrize(
    ("other", "is_alike"),
    [
        ("where(day=d, kind=k)", True),
        ("where(kind=k)", False),
        ("where(day=d, kind=k, n=1)", False),
    ],
)
def test_a_filter_that_another_module_makes_is_told_by_what_it_is_asked_for(
    duplicates_of, other, is_alike
):
    source = (
        "from mlflow import MlflowClient\nfrom lib.filters import where\n\n\ndef {}(d, k):\n"
        "    runs = MlflowClient().search_runs(['1'], {}, order_by=['start_time DESC'])\n"
        "    return runs[0].info.run_id\n"
    )
    files = {"a.py": source.format("a", "where(day=d, kind=k)"), "b.py": source.format("b", other)}
    assert bool(duplicates_of(files).groups) == is_alike


@pytest.mark.parametrize(
    ("source", "status"),
    [
        (
            "for r in runs:\n    if r.info.status != 'FINISHED':\n        x = r\n        break",
            "!FINISHED",
        ),
        (
            "for r in runs:\n    if r.info.status == 'FINISHED':\n        x = r\n        break",
            "FINISHED",
        ),
        (
            "for r in runs:\n    if r.info.status != 'FAILED':\n        continue\n    x = r\n    break",
            "FAILED",
        ),
        (
            "for r in runs:\n    if r.info.status == 'FAILED':\n        continue\n    x = r\n    break",
            "!FAILED",
        ),
        ("x = next(r for r in runs if r.info.status != 'FAILED')", "!FAILED"),
        ("x = next(r for r in runs if not (r.info.status != 'FAILED'))", "FAILED"),
        (
            "x = next(r for r in runs if r.data.tags.get('k') == k and r.info.status != 'FAILED')",
            "!FAILED",
        ),
    ],
)
def test_a_status_that_a_run_must_not_have_is_told_apart(only, source, status):
    found = only("runs = client.search_runs([e])\n" + source + "\nuse(x.info.run_id)")
    assert Term("status", "", status) in found.terms


TAG = "r.data.tags.get('k')"


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        (f"x = next(r for r in runs if {TAG} == 'v')", Term("tag", "k", "v")),
        (f"x = next(r for r in runs if {TAG} != 'v')", Term("no tag", "k", "v")),
        (f"x = next(r for r in runs if {TAG} != v)", Term("no tag", "k")),
        (f"x = next(r for r in runs if not ({TAG} == v))", Term("no tag", "k")),
        ("x = next(r for r in runs if r.data.params['k'] != v)", Term("no param", "k")),
        ("x = next(r for r in runs if r.info.run_name != v)", Term("no name")),
        ("x = next(r for r in runs if r.info.run_id != v)", Term("no id")),
        (f"for r in runs:\n    if {TAG} != v:\n        continue\n    x = r\n    break",
         Term("tag", "k")),
        (f"for r in runs:\n    if {TAG} == v:\n        continue\n    x = r\n    break",
         Term("no tag", "k")),
        (f"for r in runs:\n    if {TAG} != v:\n        x = r\n        break", Term("no tag", "k")),
        (f"for r in runs:\n    if {TAG} != v:\n        raise KeyError\n    x = r\n    break",
         Term("tag", "k")),
        (f"for r in runs:\n    if {TAG} != v:\n        return None\n    x = r\n    break",
         Term("tag", "k")),
    ],
)  # fmt: skip
def test_what_a_run_must_not_be_is_told_as_a_filter_would_say_it(only, source, asked):
    body = "runs = client.search_runs([e])\n" + source + "\nuse(x.info.run_id)"
    found = only("def f(e, v):\n" + textwrap.indent(body, "    "))
    assert [term for term in found.terms if term.kind != "order"] == [asked]


@pytest.mark.parametrize(
    ("asked", "use", "kind"),
    [
        ("\"tags.k = 'v'\", max_results=1", "if runs:\n    raise ValueError", "find-run"),
        ("\"tags.k = 'v'\", max_results=1", "if not len(runs):\n    start()", "find-run"),
        ("\"tags.k = 'v'\"", "if runs:\n    raise ValueError", "list-runs"),
        ("max_results=1", "if runs:\n    raise ValueError", "list-runs"),
        ("\"status = 'FAILED'\", max_results=1", "if runs:\n    warn()", "list-runs"),
    ],
)
def test_who_asks_whether_there_is_a_certain_run_looks_for_it(only, asked, use, kind):
    assert only(f"runs = client.search_runs([e], {asked})\n{use}").kind == kind


def test_who_only_asks_takes_no_more_than_the_existence(only):
    asked = "runs = client.search_runs([e], \"tags.k = 'v'\", max_results=1)\n"
    assert only(f"{asked}x = bool(runs)").taken == "existence"
    assert only(f"{asked}x = runs[0].info.run_id").taken == "run-id"


def test_the_view_of_the_old_search_is_no_filter(only):
    source = "for view in (1, 2):\n    x = client.list_run_infos(e, view)[0].run_id"
    assert only(source).terms == ()


@pytest.mark.parametrize(
    ("place", "kind"), [("f.index[0]", "find-run"), ("f.index[3]", "list-runs")]
)
def test_the_first_row_may_be_told_by_its_label(only, place, kind):
    source = f"import mlflow\nf = mlflow.search_runs([e])\nx = f.loc[{place}, 'run_id']"
    assert only(source).kind == kind


def test_a_helper_that_gives_a_list_of_one_finds_none_itself(only):
    source = "def f():\n    return client.search_runs([e], \"tags.k = 'v'\", max_results=1)"
    assert only(source).kind == "list-runs"
