"""Names of the tags."""

STUDY = "hillcrest.study"
DIRECTION = "hillcrest.direction"
SAMPLER = "hillcrest.sampler"
TRIAL = "hillcrest.trial_number"
STATE = "hillcrest.trial_state"
PARENT = "mlflow.parentRunId"
MAX_LEN = 5000


def shorten(text: object) -> str:
    text = str(text)
    return text if len(text) <= MAX_LEN else text[: MAX_LEN - 1] + "…"
