"""How sending goes: stopped or not, what waits, what was given up and may be sent again."""
