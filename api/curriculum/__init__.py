"""What is taught: objectives, lessons in their versions, attempts at them, and mastery."""
