from contextlib import contextmanager

from pyspark.sql import SparkSession


def builder(app_name, conf=None):
    b = SparkSession.builder.appName(app_name).config("spark.sql.session.timeZone", "UTC")
    for key, value in (conf or {}).items():
        b = b.config(key, value)
    return b


@contextmanager
def spark_session(app_name, conf=None):
    spark = builder(app_name, conf).getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()
