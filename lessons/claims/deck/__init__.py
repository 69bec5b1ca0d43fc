"""The cards, in the order in which they are dealt: the mistakes seen most often come first."""

from __future__ import annotations

from collections.abc import Mapping

from lessons.claims.card import Card
from lessons.claims.deck import derived, handed_on, kept, stored

CARDS: Mapping[str, Card] = {
    card.key: card
    for card in (
        kept.INPLACE,
        kept.TWICE,
        stored.INTERMEDIATE,
        stored.ADDED,
        derived.VECTOR,
        derived.HOOK,
        derived.WATCHED,
        kept.DATA,
        handed_on.EVAL,
        kept.HIDDEN,
        stored.FROZEN,
        handed_on.BEFORE,
        derived.KINK,
        handed_on.TIE,
        derived.WHERE,
        stored.LEAF,
        derived.SECOND,
        derived.FLAT,
        stored.RETAINED,
        stored.CUT,
    )
}
