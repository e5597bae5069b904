"""What clients write, next to what was sent to them, and the answers of the desk."""
