import argparse

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient
from scipy.signal import butter, iirnotch, resample_poly, sosfiltfilt, tf2sos

import common

p = argparse.ArgumentParser()
p.add_argument("subjects", nargs="+")
p.add_argument("--session", default="01")
p.add_argument("--low", type=float, default=0.5)
p.add_argument("--high", type=float, default=40.0)
p.add_argument("--notch", type=float, default=50.0)
p.add_argument("--sfreq", type=int, default=250)


def bandpass(x, fs, low, high):
    sos = butter(4, [low, high], btype="band", fs=fs, output="sos")
    return sosfiltfilt(sos, x, axis=-1)


def notch(x, fs, f0):
    b, a = iirnotch(f0, 30, fs)
    return sosfiltfilt(tf2sos(b, a), x, axis=-1)


def rereference(x):
    return x - x.mean(axis=0, keepdims=True)


def reject(epochs, limit=150e-6):
    ptp = np.ptp(epochs, axis=-1).max(axis=-1)
    return epochs[ptp < limit], ptp < limit


def epoch(x, onsets, fs, tmin=-0.2, tmax=0.8):
    a, b = int(tmin * fs), int(tmax * fs)
    return np.stack([x[:, o + a : o + b] for o in onsets if o + a >= 0 and o + b <= x.shape[1]])


def group_run(args, h):
    c = MlflowClient()
    eid = common.exp_id("preprocess")
    found = c.search_runs([eid], f"tags.`neuro.pipeline` = '{h}'", order_by=["start_time DESC"], max_results=1)
    if found:
        return found[0]
    return c.create_run(eid, tags={"neuro.pipeline": h}, run_name=f"prep-{h}")


def subject_child(c, parent, subject, session):
    r = c.create_run(
        parent.info.experiment_id,
        tags={
            "mlflow.parentRunId": parent.info.run_id,
            "neuro.subject": subject,
            "neuro.session": session,
        },
        run_name=f"sub-{subject}",
    )
    return r.info.run_id


if __name__ == "__main__":
    args = p.parse_args()
    cfg = {k: v for k, v in vars(args).items() if k != "subjects"}
    c = MlflowClient()
    parent = group_run(args, common.cfg_hash(cfg))
    for s in args.subjects:
        rid = subject_child(c, parent, s, args.session)
        raw = np.load(common.bids(s, args.session) + "/raw.npz")
        fs = int(raw["fs"])
        x = rereference(notch(bandpass(raw["x"], fs, args.low, args.high), fs, args.notch))
        x = resample_poly(x, args.sfreq, fs, axis=-1)
        e = epoch(x, (raw["onsets"] * args.sfreq / fs).astype(int), args.sfreq)
        e, keep = reject(e)
        np.savez(common.bids(s, args.session) + "/epochs.npz", x=e, y=raw["labels"][: len(keep)][keep])
        c.set_tag(rid, "neuro.sfreq", str(args.sfreq))
        c.log_metric(rid, "kept", float(keep.mean()))
        c.set_terminated(rid)
    c.set_terminated(parent.info.run_id)
