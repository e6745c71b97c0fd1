"""Names that all parts use."""

TAG_TEAM = "subml.team"
TAG_PROJECT = "subml.project"
TAG_COMMIT = "subml.commit"
TAG_OWNER = "subml.owner"
TAG_COST = "subml.cost_centre"
TAG_SIGNED = "subml.signed_off"
TAG_JOB = "subml.job_id"
PAGE = 200
