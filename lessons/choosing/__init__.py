"""What a visitor of a lesson can set, and how it stands in a link."""
