"""Mock oral exams: templates and their versions, attempts, and the record that their clocks go by."""
