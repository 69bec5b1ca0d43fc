"""What the lessons teach: exercises, their likely mistakes, their texts. No page is drawn here."""
