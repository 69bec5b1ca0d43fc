"""Record one forward and one backward of any module."""
