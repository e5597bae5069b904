"""The owner's watch: what the programme gives, owes and refuses, and what looks wrong (practices.md, P30)."""
