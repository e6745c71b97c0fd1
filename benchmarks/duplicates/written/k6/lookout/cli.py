"""Command line: evaluate, board, serve, tidy."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from lookout.board import overview, table, to_html
from lookout.evaluate import Evaluator
from lookout.store import RunStore


def main(argv: list[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="lookout")
    sub = parser.add_subparsers(dest="command", required=True)
    p = sub.add_parser("evaluate")
    p.add_argument("model")
    p.add_argument("reference")
    p.add_argument("fresh")
    p.add_argument("--target", default="target")
    p = sub.add_parser("board")
    p.add_argument("models", nargs="+")
    p.add_argument("--out", default="board.html")
    p = sub.add_parser("history")
    p.add_argument("model")
    p = sub.add_parser("serve")
    p.add_argument("models", nargs="+")
    p.add_argument("--port", type=int, default=8080)
    sub.add_parser("tidy")
    args = parser.parse_args(argv)

    if args.command == "serve":
        import uvicorn

        from lookout.server import create_app

        uvicorn.run(create_app(args.models), port=args.port)
        return 0
    store = RunStore()
    if args.command == "evaluate":
        evaluator = Evaluator(store, args.model)
        run_id = evaluator.evaluate(pd.read_csv(args.reference), pd.read_csv(args.fresh), args.target)
        print(run_id)
        return 1 if evaluator.alarm() else 0
    if args.command == "board":
        Path(args.out).write_text(to_html(overview(store, args.models)), encoding="utf-8")
    elif args.command == "history":
        print(table(store, args.model).to_string(index=False))
    elif args.command == "tidy":
        print(f"closed {store.close_stale()} runs")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
