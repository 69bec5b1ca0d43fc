"""Networks to begin with. Adding one is adding one entry to the file of its subject."""

from __future__ import annotations

from models.preset import TOPICS, Preset
from models.presets_first import FIRST
from models.presets_flow import FLOW
from models.presets_maps import MAPS
from models.presets_networks import NETWORKS

__all__ = ["PRESETS", "TOPICS", "Preset"]

PRESETS: dict[str, Preset] = {preset.key: preset for preset in (*FIRST, *MAPS, *FLOW, *NETWORKS)}
"""Key -> preset, in the order in which a select box shows them."""
