"""`avaaz bench pronunciation`: scores of learners' phones against experts'."""
