import re

SEGMENTS = ("retail", "sme", "cards", "mortgage")
PATTERN = re.compile(r"^risk/(%s)/(pd|lgd|fraud)$" % "|".join(SEGMENTS))

ROLE = "risk.role"
CHAMPION = "champion"
CHALLENGER = "challenger"
APPROVED_ON = "risk.approved_on"


def experiment_name(segment, model):
    name = f"risk/{segment}/{model}".lower()
    if not PATTERN.match(name):
        raise ValueError(f"{name} breaks the naming rule")
    return name


def clean(value):
    """Tag values may hold no customer numbers and no line breaks."""
    value = re.sub(r"\b\d{8,}\b", "<number>", str(value))
    return value.replace("\n", " ")[:250]
