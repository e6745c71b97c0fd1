class Keys:
    """Tag keys of our runs."""

    JOB = "batch.job"
    PARTITION = "batch.partition"
    WATERMARK = "batch.watermark"
    APP_ID = "batch.spark_app"
    IMAGE = "batch.image"
    ATTEMPT = "batch.attempt"
    PARENT = "mlflow.parentRunId"
