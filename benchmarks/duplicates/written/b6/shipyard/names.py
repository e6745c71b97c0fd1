"""Tag keys."""

RELEASE = "release.id"
TICKET = "release.ticket"
ACTOR = "release.actor"
AT = "release.at"
SIGNED = "release.signed_off"
GATE = "gate.status"
MODEL = "gate.model"
