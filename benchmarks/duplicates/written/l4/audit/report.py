import pandas as pd

from tracking.roles import approved_on, champion_of


def row(segment, model):
    run = champion_of(segment, model)
    if run is None:
        return None
    return {"segment": segment, "model": model, "approved": approved_on(run), **run.data.metrics}


def report(pairs):
    rows = [r for r in (row(s, m) for s, m in pairs) if r]
    return pd.DataFrame(rows)


def to_markdown(df):
    head = "| " + " | ".join(df.columns) + " |"
    rows = ["| " + " | ".join(str(v) for v in r) + " |" for r in df.itertuples(index=False)]
    return "\n".join([head, "|" + "---|" * len(df.columns), *rows])


if __name__ == "__main__":
    print(report([("retail", "pd"), ("sme", "pd"), ("mortgage", "lgd"), ("cards", "fraud")]).to_string())
