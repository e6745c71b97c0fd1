"""Merge the small files of a dataset."""
import argparse
import math

import mlflow

from demand.session import spark_session

TARGET_MB = 256


def files_and_bytes(spark, path):
    jvm = spark.sparkContext._jvm
    conf = spark.sparkContext._jsc.hadoopConfiguration()
    root = jvm.org.apache.hadoop.fs.Path(path)
    summary = root.getFileSystem(conf).getContentSummary(root)
    return summary.getFileCount(), summary.getLength()


def compact(spark, path):
    count, size = files_and_bytes(spark, path)
    wanted = max(1, math.ceil(size / 2**20 / TARGET_MB))
    if wanted >= count:
        return count, count
    spark.read.parquet(path).repartition(wanted).write.mode("overwrite").parquet(path + ".compact")
    return count, wanted


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", nargs="+")
    args = parser.parse_args()
    mlflow.set_experiment("demand/compact")
    with spark_session("demand-compact") as spark, mlflow.start_run(run_name="compact"):
        for i, path in enumerate(args.paths):
            before, after = compact(spark, path)
            mlflow.log_metrics({"files_before": before, "files_after": after}, step=i)


if __name__ == "__main__":
    main()
