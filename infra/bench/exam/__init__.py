"""`avaaz bench exam`: how exactly a mock exam keeps its time, whatever happens to the people in it."""
