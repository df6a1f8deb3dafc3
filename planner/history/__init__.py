"""The history in words: every event as a sentence, and the difference between any two plans."""
