"""`avaaz bench stt`: how well learners are heard, with and without what was expected of them."""
