"""Networks to begin with. Adding one is adding one entry to the file of its subject."""

from __future__ import annotations

from models.presets.first import FIRST
from models.presets.flow import FLOW
from models.presets.maps import MAPS
from models.presets.networks import NETWORKS
from models.presets.preset import TOPICS, Preset

__all__ = ["PRESETS", "TOPICS", "Preset"]

PRESETS: dict[str, Preset] = {preset.key: preset for preset in (*FIRST, *MAPS, *FLOW, *NETWORKS)}
"""Key -> preset, in the order in which a select box shows them."""
