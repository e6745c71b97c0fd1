JOB = "jobdeck.job"
NAMESPACE = "jobdeck.namespace"
ATTEMPT = "jobdeck.attempt"
IMAGE = "jobdeck.image"
KEY = "jobdeck.key"
BEAT = "jobdeck.heartbeat"
LABEL = "jobdeck.io/run-id"
GRACE = 900
