"""Names of tags. Agreed with the audit department (version 3 of the document)."""

AUDIT_ACTOR = "audit.actor"
AUDIT_DEPARTMENT = "audit.department"
AUDIT_TICKET = "audit.ticket"
AUDIT_TIMESTAMP = "audit.timestamp"
AUDIT_SYSTEM = "audit.system"

APPROVAL_STATE = "approval.state"
APPROVAL_BY = "approval.by"
APPROVAL_AT = "approval.at"

LINEAGE_PARENTS = "lineage.parents"
LINEAGE_SNAPSHOT = "lineage.snapshot"

TARIFF = "tariff"
LINE = "line_of_business"

SYSTEM = "pricing-platform"
