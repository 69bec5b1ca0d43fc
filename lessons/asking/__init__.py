"""What a lesson asks, and how an answer is graded."""
