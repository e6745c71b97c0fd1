"""Talks to the simulator over zmq."""
import time

import msgpack
import zmq

ADDRESS = "tcp://127.0.0.1:5599"


class Timeout(RuntimeError):
    pass


def _request(sock, kind, **payload):
    sock.send(msgpack.packb({"kind": kind, **payload}))
    if not sock.poll(30_000):
        raise Timeout(kind)
    reply = msgpack.unpackb(sock.recv())
    if "error" in reply:
        raise RuntimeError(reply["error"])
    return reply


def simulate(scene, planner, approach, attempts=40):
    sock = zmq.Context.instance().socket(zmq.REQ)
    sock.connect(ADDRESS)
    try:
        _request(sock, "reset", items=[vars(i) for i in scene.items], light=scene.light)
        ok = drops = 0
        t0 = time.monotonic()
        for _ in range(attempts):
            view = _request(sock, "render")
            pose = planner.plan(view["depth"], approach)
            if pose is None:
                continue
            out = _request(sock, "grasp", pose=pose)
            ok += bool(out["lifted"])
            drops += bool(out["dropped"])
        return {
            "success_rate": ok / attempts,
            "drop_rate": drops / attempts,
            "time": {"total": time.monotonic() - t0, "per_attempt": (time.monotonic() - t0) / attempts},
        }
    finally:
        sock.close(0)
