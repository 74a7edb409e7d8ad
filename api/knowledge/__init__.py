"""The material that people bring: taken in, read, cut into passages, and found again."""
