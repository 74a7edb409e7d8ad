"""Where a learner begins: first language, goal, and the level that everything else depends on."""
