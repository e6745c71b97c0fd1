import subprocess


def commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def dirty() -> bool:
    done = subprocess.run(["git", "status", "--porcelain"], capture_output=True, text=True)
    return bool(done.stdout.strip())
