"""The cards, in the order in which they are dealt: the mistakes seen most often come first."""

from __future__ import annotations

from collections.abc import Mapping

from lessons.claims.card import Card
from lessons.claims.deck import derived, kept, stored

CARDS: Mapping[str, Card] = {
    card.key: card
    for card in (
        kept.INPLACE,
        kept.TWICE,
        stored.INTERMEDIATE,
        stored.ADDED,
        derived.VECTOR,
        derived.HOOK,
        kept.DATA,
        kept.HIDDEN,
        stored.FROZEN,
        derived.KINK,
        derived.WHERE,
        stored.LEAF,
        derived.SECOND,
        derived.FLAT,
        stored.RETAINED,
        stored.CUT,
    )
}
