"""python -m nimbusml: a small command line."""

import argparse

from nimbusml.workspace import Workspace


def main(argv=None):
    parser = argparse.ArgumentParser(prog="nimbusml")
    commands = parser.add_subparsers(dest="command", required=True)
    submit = commands.add_parser("submit")
    submit.add_argument("--compute", default="cpu-small")
    submit.add_argument("--wait", action="store_true")
    submit.add_argument("line")
    deploy = commands.add_parser("deploy")
    deploy.add_argument("job")
    deploy.add_argument("name")
    args = parser.parse_args(argv)
    workspace = Workspace.from_env()
    if args.command == "submit":
        from nimbusml.jobs import submit as send

        job = send(workspace, args.line, args.compute)
        print(job.run_id)
        if args.wait:
            job.wait()
    else:
        from nimbusml.deployments import deploy_best, deploy_run

        if len(args.job) == 32:
            endpoint = deploy_best(workspace, args.job, args.name)
        else:
            from nimbusml.jobs import find

            endpoint = deploy_run(workspace, find(workspace, args.job).best_child(), args.name)
        print(endpoint.wait().name)


if __name__ == "__main__":
    main()
