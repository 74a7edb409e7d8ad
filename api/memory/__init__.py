"""What is kept of a learner between calls, and what a learner is told after one."""
