"""What a lesson's steps are drawn with."""
