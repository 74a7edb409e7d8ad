"""Mock exams judged: five dimensions from what was said and how, each with its evidence, by a job."""
