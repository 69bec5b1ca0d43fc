"""What the lessons teach: what is run, asked and shown, as plain values. No page is drawn here."""
