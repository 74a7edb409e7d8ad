"""Speech outside of calls: what a short recording says, and how a sentence sounds. Nothing of it is kept."""
