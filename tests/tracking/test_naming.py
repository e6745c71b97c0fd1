"""Run keys, their hashes and run names."""

import subprocess
import sys
from itertools import product

import mlflow
import pytest

from trackfix.tracking import (
    ConfigError,
    NamingContext,
    TagKeys,
    build_run_key,
    build_training_run_name_with_fallback,
    create_mlflow_client,
    run_key_hash,
)


def test_a_run_key_is_the_fields_that_are_set_in_their_order():
    context = NamingContext(fold=0, trial_number=3, model="distilbert", stage="training")
    assert build_run_key(context) == "stage=training|model=distilbert|trial_number=3|fold=0"


def test_numbers_and_their_text_are_one_value_and_empty_is_not_set():
    assert NamingContext(stage="a", variant=1) == NamingContext(stage="a", variant="1")
    assert NamingContext(stage="a", fold=1.0) == NamingContext(stage="a", fold=1)
    assert NamingContext(stage="a", model="") == NamingContext(stage="a")


@pytest.mark.parametrize("value", [True, 0.5, float("nan"), ["a"]])
def test_other_values_are_an_error_that_names_the_field(value):
    with pytest.raises(ConfigError, match="variant is text or a whole number"):
        NamingContext(stage="training", variant=value)


def test_a_whole_number_of_another_type_is_the_number():
    class Number:  # as those of NumPy
        def __index__(self):
            return 3

    assert NamingContext(stage="training", fold=Number()).fold == "3"  # type: ignore[arg-type]


def test_a_context_needs_a_stage():
    with pytest.raises(ConfigError, match="stage must not be empty"):
        NamingContext(stage="")


def test_no_two_contexts_share_a_key_whatever_is_in_their_values():
    texts = ["a", "b", "a|env=b", "a%7Cenv=b", "a=b", "a|", "%", "%25", None]
    contexts = {
        NamingContext(stage="s", model=model, env=env) for model, env in product(texts, texts)
    }
    assert len({build_run_key(context) for context in contexts}) == len(contexts) == 81


def test_the_hash_is_the_same_in_every_process_and_release():
    """A change of it would make every run that is stored unfindable by its key."""
    context = NamingContext(stage="training", model="distilbert", spec_fp="1f0e", variant=1)
    known = "573028f5da7feeec3ca4ac9411df83fe2ff7d350e21dc53b7d65e49fd4841d46"
    assert run_key_hash(context) == run_key_hash(build_run_key(context)) == known
    code = (
        "from trackfix.tracking import NamingContext, run_key_hash; print(run_key_hash("
        "NamingContext(variant='1', spec_fp='1f0e', model='distilbert', stage='training')))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == known


def test_a_context_comes_back_from_the_tags_of_a_run(store):
    context = NamingContext(stage="training", model="m|1", variant=2, fold=0, trial_id="t_4")
    run = create_mlflow_client().create_run("0", tags=TagKeys().of_context(context))
    tags = mlflow.get_run(run.info.run_id).data.tags
    again = NamingContext(**{name: tags[getattr(TagKeys(), name)] for name in context.values()})
    assert run_key_hash(again) == tags["code.run_key_hash"] == run_key_hash(context)


def test_a_run_name_is_readable_and_of_one_context_only():
    one = NamingContext(stage="training", model="org/distil bert", variant=1, env="local")
    two = NamingContext(stage="training", model="org/distil bert", variant=1, env="azureml")
    names = {build_training_run_name_with_fallback(context) for context in (one, two, one)}
    assert len(names) == 2
    assert all(name.startswith("training_org-distil-bert_v-1_") for name in names)


def test_without_a_context_a_run_name_is_the_fallback():
    assert build_training_run_name_with_fallback(None) == "training"
    assert build_training_run_name_with_fallback(None, "refit of fold 2") == "refit of fold 2"


def test_a_run_name_is_as_long_as_mlflow_can_store_and_keeps_its_hash(postgres_store):
    name = build_training_run_name_with_fallback(NamingContext(stage="s", model="m" * 400))
    other = build_training_run_name_with_fallback(NamingContext(stage="s", model="m" * 401))
    assert len(name) == 250 and name != other
    run = create_mlflow_client().create_run("0", run_name=name)
    assert mlflow.get_run(run.info.run_id).info.run_name == name
    assert len(build_training_run_name_with_fallback(None, "f" * 400)) == 250
