"""What a lesson shows of a run: maps, sums, small tables."""
