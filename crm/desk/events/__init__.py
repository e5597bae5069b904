"""Events and their guest lists at the desk (practices.md, P20)."""
