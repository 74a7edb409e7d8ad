"""What people give an exam attempt beside the machine, and how far the two agree."""
