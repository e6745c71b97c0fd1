from pyspark.sql.types import DateType, DoubleType, IntegerType, StringType, StructField, StructType

SALES = StructType(
    [
        StructField("store_id", StringType(), False),
        StructField("sku", StringType(), False),
        StructField("day", DateType(), False),
        StructField("units", IntegerType()),
        StructField("price", DoubleType()),
        StructField("promo", IntegerType()),
    ]
)

CALENDAR = StructType(
    [
        StructField("day", DateType(), False),
        StructField("holiday", StringType()),
        StructField("school_break", IntegerType()),
    ]
)


def check(frame, schema):
    have = {f.name: f.dataType for f in frame.schema.fields}
    missing = [f.name for f in schema.fields if f.name not in have]
    wrong = [f.name for f in schema.fields if f.name in have and have[f.name] != f.dataType]
    if missing or wrong:
        raise ValueError(f"missing columns {missing}, wrong types {wrong}")
    return frame
