"""A Python that has imported mlflow already, and forks for each program that it is to run.

To import mlflow takes seconds, and most programs of the tests milliseconds. A program finds all as
in a Python of its own: it runs as ``__main__`` in the only thread, leads a session, has the signal
handlers of a new process, and ends as every Python does, with what is due at exit and the exit
code. Only mlflow is there before its first line; our library is not.

Requests come through the socket whose descriptor is the argument, each a line of JSON with the
descriptors of the program's stdin, stdout and stderr, and of a pipe. Into that go two lines: the
process id at once, and at the end the exit code as ``subprocess`` has it.
"""

import contextlib
import importlib
import importlib.util
import json
import os
import signal
import socket
import sys
import types

IMPORTED = ["mlflow.cli", "mlflow.server", "mlflow.store.tracking.sqlalchemy_store"]
# What serves: MLflow 3.1 has the one, later versions the others.
IMPORTED += ["gunicorn.app.wsgiapp", "uvicorn.main", "mlflow.server.fastapi_app"]


def next_program(requests):
    """What this process is to run: returns in the forked one only."""
    while True:
        line, descriptors, _, _ = socket.recv_fds(requests, 1 << 16, 4)
        while line and not line.endswith(b"\n"):
            line += requests.recv(1 << 16)
        if not line:
            sys.exit()
        if os.fork() == 0:
            *streams, report = descriptors
            program = os.fork()
            if program == 0:
                requests.close()
                become(streams)
                os.write(report, f"{os.getpid()}\n".encode())
                os.close(report)
                return json.loads(line)
            keep(program, report, streams)
        for descriptor in descriptors:
            os.close(descriptor)
        reap()


def become(streams):
    """A process as a shell starts it."""
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def keep(program, report, streams):
    """Report what becomes of a program; only its parent can know."""
    for stream in streams:
        os.close(stream)
    _, status = os.waitpid(program, 0)
    os.write(report, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def reap():
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


for name in IMPORTED:
    if importlib.util.find_spec(name):
        importlib.import_module(name)
request = next_program(socket.socket(fileno=int(sys.argv[1])))
os.environ.clear()
os.environ.update(request["env"])
os.chdir(request["cwd"])
sys.argv = ["-c", *request["arguments"]]
sys.path[0] = ""
sys.modules["__main__"] = types.ModuleType("__main__")
exec(compile(request["code"], "<string>", "exec"), sys.modules["__main__"].__dict__)
