#!/usr/bin/env python
# SAC baseline, wraps stable-baselines. Written for the CoRL rebuttal, sorry.
import argparse
import os
import socket
import subprocess
import mlflow
from mlflow.tracking import MlflowClient

parser = argparse.ArgumentParser()
parser.add_argument('--task', default='peg')
parser.add_argument('--env', default='PegInsert-v2')
parser.add_argument('--seed', type=int, default=0)
parser.add_argument('--steps', type=int, default=1000000)
parser.add_argument('--tau', type=float, default=0.005)


def setup_experiment(task):
    c = MlflowClient()
    exp_name = 'rlab/' + task
    try:
        exp_id = c.create_experiment(exp_name, artifact_location=os.path.join('/nfs/rlab/mlruns', task))
    except mlflow.exceptions.MlflowException:
        exp_id = c.get_experiment_by_name(exp_name).experiment_id
    return exp_id


def unfinished(exp_id, seed):
    """run which slurm killed, newest first"""
    c = MlflowClient()
    runs = c.search_runs([exp_id], filter_string="attributes.status = 'RUNNING'")
    runs = [r for r in runs if r.data.tags.get('rl.algo') == 'sac' and r.data.tags.get('rl.seed') == str(seed)]
    runs.sort(key=lambda r: r.info.start_time)
    return runs[-1] if runs else None


class EvalCallback(object):
    def __init__(self, env, every=20000, episodes=10):
        self.env, self.every, self.episodes = env, every, episodes
        self.next_at = every

    def __call__(self, locals_, globals_):
        model = locals_['self']
        if model.num_timesteps < self.next_at:
            return True
        self.next_at += self.every
        total = 0.0
        for _ in range(self.episodes):
            obs, done = self.env.reset(), False
            while not done:
                act, _ = model.predict(obs, deterministic=True)
                obs, rew, done, _ = self.env.step(act)
                total += rew
        mlflow.log_metric('eval/return', total / self.episodes, step=model.num_timesteps)
        return True


def main(args):
    import gym
    from stable_baselines3 import SAC
    exp_id = setup_experiment(args.task)
    old = unfinished(exp_id, args.seed)
    if old is not None:
        active = mlflow.start_run(run_id=old.info.run_id)
    else:
        active = mlflow.start_run(experiment_id=exp_id, run_name='sac-s%d' % args.seed)
        mlflow.set_tag('rl.task', args.task)
        mlflow.set_tag('rl.algo', 'sac')
        mlflow.set_tag('rl.seed', args.seed)
        mlflow.set_tag('rl.commit', subprocess.getoutput('git rev-parse HEAD'))
        mlflow.set_tag('rl.host', socket.gethostname())
    try:
        mlflow.log_params({'env': args.env, 'tau': args.tau, 'steps': args.steps})
        model = SAC('MlpPolicy', gym.make(args.env), tau=args.tau, seed=args.seed)
        model.learn(args.steps, callback=EvalCallback(gym.make(args.env)))
        path = '/tmp/sac_%s.zip' % active.info.run_id
        model.save(path)
        mlflow.log_artifact(path, 'policy')
    finally:
        mlflow.end_run()


if __name__ == '__main__':
    main(parser.parse_args())
