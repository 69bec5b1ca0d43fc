"""The sidebar: what runs."""
