"""`avaaz bench fluency`: planted rates, pauses and fillers, heard as an exam's are."""
