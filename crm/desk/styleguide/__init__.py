"""The living style guide: every component of the pages, in every state."""
