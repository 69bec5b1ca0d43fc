"""What Backlight costs: time and memory of a capture, a click in the browser, many visitors."""
