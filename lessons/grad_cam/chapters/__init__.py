"""The steps of the lesson, by what is looked at."""
