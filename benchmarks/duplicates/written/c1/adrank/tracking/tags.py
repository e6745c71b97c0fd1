"""Tags that the dashboards rely on."""

from __future__ import annotations

from adrank.constants import TAG_FAMILY, TAG_FEATURES, TAG_MARKET, TAG_PLACEMENT, Placement


def market_tags(market: str, placement: Placement, family: str, feature_set: str) -> dict[str, str]:
    return {
        TAG_MARKET: market,
        TAG_PLACEMENT: placement.value,
        TAG_FAMILY: family,
        TAG_FEATURES: feature_set,
    }
