MODEL = "fraudscore"
EXPERIMENT_TRAIN = "fraud/train"
EXPERIMENT_BATCH = "fraud/batch"
EXPERIMENT_DUEL = "fraud/duel"
CHAMPION = "champion"
CHALLENGER = "challenger"

TAG_THRESHOLD = "fs.threshold"
TAG_FEATURES = "fs.features"
TAG_DAY = "fs.day"
TAG_JOB = "fs.job"
TAG_VERSION = "fs.model_version"
TAG_SOURCE = "fs.source"

DEFAULT_THRESHOLD = 0.5
