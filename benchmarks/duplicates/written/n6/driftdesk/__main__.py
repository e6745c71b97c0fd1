"""`python -m driftdesk`"""

from __future__ import annotations

import argparse
import asyncio

from driftdesk.aio import AsyncBoard
from driftdesk.config import watched
from driftdesk.jobs import daily, retention, weekly


def board() -> None:
    for row in asyncio.run(AsyncBoard(watched()).rows()):
        print(f"{row['model']:20s} {row['state']}")


def main() -> None:
    jobs = {
        "daily": daily.main,
        "weekly": weekly.main,
        "retention": retention.main,
        "board": board,
    }
    parser = argparse.ArgumentParser("driftdesk")
    parser.add_argument("job", choices=sorted(jobs))
    jobs[parser.parse_args().job]()


if __name__ == "__main__":
    main()
