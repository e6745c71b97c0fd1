from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from riskhub import __version__


class Portfolio(str, Enum):
    MORTGAGE = "mortgage"
    CARDS = "cards"
    SME = "sme"


class Tag(str, Enum):
    PORTFOLIO = "riskhub.portfolio"
    AS_OF = "riskhub.as_of"
    ENV = "riskhub.env"
    OWNER = "riskhub.owner"
    VERSION = "riskhub.version"
    ROLE = "riskhub.role"
    APPROVED_BY = "riskhub.approved_by"
    APPROVED_ON = "riskhub.approved_on"
    CUTOFFS = "riskhub.cutoffs"


class Role(str, Enum):
    CHAMPION = "champion"
    CHALLENGER = "challenger"
    RETIRED = "retired"


@dataclass(frozen=True)
class RunTags:
    """The tags that every riskhub run must carry (model risk policy 4.2)."""

    portfolio: Portfolio
    as_of: date
    env: str
    owner: str
    role: Role = Role.CHALLENGER

    def to_tags(self) -> dict[str, str]:
        return {
            Tag.PORTFOLIO.value: self.portfolio.value,
            Tag.AS_OF.value: self.as_of.isoformat(),
            Tag.ENV.value: self.env,
            Tag.OWNER.value: self.owner,
            Tag.VERSION.value: __version__,
            Tag.ROLE.value: self.role.value,
        }


@dataclass(frozen=True)
class Approval:
    by: str
    on: date
    cutoffs: dict[str, float]

    def expired(self, today: date, months: int = 12) -> bool:
        return (today.year - self.on.year) * 12 + today.month - self.on.month >= months
