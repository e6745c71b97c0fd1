from azure.ai.ml import Input, dsl, load_component

from docclass.workspace import ml_client


def components():
    names = ("prepare", "train", "convert", "benchmark")
    return {name: load_component(f"components/{name}.yml") for name in names}


def build(asset: str, model: str, compute: str = "gpu-t4"):
    parts = components()

    @dsl.pipeline(default_compute=compute, experiment_name="docclass-pipeline")
    def docclass(data: Input, model_name: str):
        prepared = parts["prepare"](raw=data)
        trained = parts["train"](data=prepared.outputs.out, model_name=model_name)
        converted = parts["convert"](model=trained.outputs.model)
        parts["benchmark"](onnx=converted.outputs.onnx)
        return {"model": trained.outputs.model}

    return docclass(Input(type="uri_folder", path=f"azureml:{asset}"), model)


def submit(asset: str, model: str) -> str:
    job = ml_client().jobs.create_or_update(build(asset, model))
    return job.name
