"""What is found in learners' words: kept for each turn, shown under it, counted, and practised later."""
