"""Names of the tags, so that nobody mistypes them (old code still does)."""

COMMIT = "ticketlm.commit"
DATA_HASH = "ticketlm.data_hash"
BASE_MODEL = "ticketlm.base_model"
CONFIG_HASH = "ticketlm.config_hash"
CHECKPOINT = "ticketlm.last_checkpoint"
STAGE = "ticketlm.stage"
METRIC = "eval_macro_f1"
