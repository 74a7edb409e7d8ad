"""`avaaz bench ladder`: made-up candidates of four levels, and cheats, judged as exams are."""
