"""Planning and sending what clients hear."""
